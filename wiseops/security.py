"""Response headers, host and redirect safety."""
