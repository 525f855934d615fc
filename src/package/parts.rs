//! How parts hang together: relationships and content types.
