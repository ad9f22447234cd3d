"""The staff application: keep the knowledge true, without a developer. Never on the public port."""
