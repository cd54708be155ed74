"""Watch: one page that is green or says exactly what is not, alerts, completeness, metrics."""
