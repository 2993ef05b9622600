"""What a process tells of itself beside its log: counts for Prometheus, traces for OpenTelemetry."""
