"""The condition language: text -> formula, checked against the schema, and its normal form."""
