"""Pages of the exchange: files, one file, its records; taking and sending."""
