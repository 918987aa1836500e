//! The two applications: OfficeApp and PortalApp, their shells and routes.
