//! The desk: home, intake, clients, sites, jobs, schedule, signatures.
