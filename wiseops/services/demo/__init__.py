"""The demo book, made through the same services that everything else uses."""
