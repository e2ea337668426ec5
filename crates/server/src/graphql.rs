//! Questions: which schema answers whom, and within which limits.
