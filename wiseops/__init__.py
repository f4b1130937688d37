"""wiseops: where a company collects what its customers owe."""
