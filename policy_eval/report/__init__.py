"""Reports: the versioned wire model, and one module per format that reads it."""
