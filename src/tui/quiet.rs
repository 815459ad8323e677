//! A backend that writes nothing where nothing is different: a frame like the one before costs no byte, over ssh neither.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Another backend, spared of what it has been told already.
#[derive(Debug)]
pub struct Quiet<B> {
    backend: B,
    is_hidden: bool,
}

impl<B> Quiet<B> {
    /// In front of a backend whose cursor may be anywhere.
    pub fn new(backend: B) -> Self {
        Self { backend, is_hidden: false }
    }
}

impl<B: Backend> Backend for Quiet<B> {
    type Error = B::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> Result<(), B::Error> {
        let mut content = content.peekable();
        // Even for no cell at all the other one would write how cells look.
        if content.peek().is_some() { self.backend.draw(content) } else { Ok(()) }
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        if self.is_hidden {
            return Ok(());
        }
        self.is_hidden = true;
        self.backend.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.is_hidden = false;
        self.backend.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.backend.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.backend.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        // Whoever clears may have lent the terminal to somebody else in between.
        self.is_hidden = false;
        self.backend.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), B::Error> {
        self.is_hidden = false;
        self.backend.clear_region(region)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.backend.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.backend.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.backend.flush()
    }
}
