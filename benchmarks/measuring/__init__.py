"""What all benchmark files share: interleaved rounds, figures, the table and the JSON."""
