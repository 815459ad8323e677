//! What is written for people and for programs: tables, timelines, JSON.

pub mod alerts;
pub mod history;
pub mod json;
mod pretty;
pub mod rotation;
pub mod table;
pub mod timeline;
pub mod toned;
pub mod upcoming;
pub mod why;
