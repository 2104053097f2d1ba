"""All that touches escape codes: capabilities, clipboard, links, notifications, titles, and putting it right again."""
