//! Browser entry of the portal's signing page: mounts the signature pad.
