"""What runs: web, worker with its beat, the embedded Valkey, and the supervisor that keeps them alive."""
