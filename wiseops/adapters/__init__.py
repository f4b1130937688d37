"""The network, one file a provider."""
