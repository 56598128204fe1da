"""Cases and changed definitions: moved from one to the next, and judged by another."""
