//! keyd's memory, kept out of swap as far as the limits let us. Where they do not, it is said once, and keyd goes on.

use nix::{
    libc,
    sys::{
        mman::{MlockAllFlags, mlockall},
        resource::{RLIM_INFINITY, Resource, getrlimit, setrlimit},
    },
};

/// As far as whoever started us may: root may without end, others up to what they were given.
pub(super) fn raise_limit() {
    let all = setrlimit(Resource::RLIMIT_MEMLOCK, RLIM_INFINITY, RLIM_INFINITY);
    if all.is_err()
        && let Ok((_, hard)) = getrlimit(Resource::RLIMIT_MEMLOCK)
    {
        let _ = setrlimit(Resource::RLIMIT_MEMLOCK, hard, hard);
    }
}

/// Locks what there is and what will come, page by page as it is touched.
pub(super) fn lock() {
    // Under a limit, memory that comes later would be refused, and keyd end for it: all or nothing.
    let words = match getrlimit(Resource::RLIMIT_MEMLOCK) {
        Ok((RLIM_INFINITY, _)) => {
            let touched = MlockAllFlags::from_bits_retain(libc::MCL_ONFAULT);
            let all = MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE;
            match mlockall(all | touched).or_else(|_| mlockall(all)) {
                Ok(()) => return,
                Err(error) => error.to_string(),
            }
        }
        Ok((limit, _)) => format!("the limit of locked memory is {} KiB", limit / 1024),
        Err(error) => error.to_string(),
    };
    tracing::warn!(
        "keyd's memory cannot be kept out of swap ({words}): start the server as root, or give it LimitMEMLOCK=infinity, or have no swap or an encrypted one"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_44_a_limit_too_low_is_no_reason_to_end() {
        let (soft, hard) = getrlimit(Resource::RLIMIT_MEMLOCK).unwrap();
        setrlimit(Resource::RLIMIT_MEMLOCK, soft.min(64 * 1024), hard).unwrap();
        lock();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:")).map(str::trim);
        assert_eq!(locked, Some("0 kB"), "locked up to a limit, which memory to come would meet");
        setrlimit(Resource::RLIMIT_MEMLOCK, soft, hard).unwrap();
    }
}
