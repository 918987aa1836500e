//! The binary: HTTP server and command line.
