import Foundation
import Synchronization

/// The terminal's settings: key by key while a line is edited, silent while an answer is written, else as they were.
enum RawMode {
    private static let original = Mutex<termios?>(nil)

    /// Every key comes at once, Ctrl-C included.
    static func edit() {
        apply { settings in
            settings.c_iflag &= ~tcflag_t(ICRNL | IXON | BRKINT | ISTRIP)
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN | ISIG)
        }
    }

    /// Keys wait unseen for the next line; Ctrl-C is a signal.
    static func answer() {
        apply { settings in
            settings.c_iflag &= ~tcflag_t(ICRNL)
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        }
    }

    static func restore() {
        original.withLock { saved in
            guard var settings = saved else { return }
            tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        }
    }

    private static func apply(_ change: (inout termios) -> Void) {
        original.withLock { saved in
            if saved == nil {
                var settings = termios()
                guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
                saved = settings
                atexit { RawMode.restore() }
            }
            guard var settings = saved else { return }
            change(&settings)
            tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
        }
    }

    /// Columns and rows of the screen.
    static var screen: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
