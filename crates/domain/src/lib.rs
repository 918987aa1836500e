//! The shop's rules: ids, money, permissions, events, states and forms. No I/O, no clock.
