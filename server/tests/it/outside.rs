//! What one sees from outside: how often one may ask, what an answer gives away, what is kept by whom on the way.

mod limits;
mod quiet;
mod transport;
mod unchanged;
