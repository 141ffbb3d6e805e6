"""Two evaluators of the same formulas: rules chained by durable_rules, and a plain reference."""
