//! The mathematics of mechanical key systems.
