//! Formulas as text: which cells they refer to, and how they read when moved.
