"""The design schema: models, paths, loading, variants, evidence."""
