//! Every SQL statement, and the only place that opens a transaction.
