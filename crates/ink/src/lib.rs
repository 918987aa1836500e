//! Handwritten ink: strokes, smoothing, SVG and hashing, the same in browser and server.
