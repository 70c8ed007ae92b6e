"""Messages with buttons, as each chat service has them.

bot       a bot in a service: its table `[bots.*]`, the buttons of its messages, how it hears presses and questions
choice    which service sends the messages of a channel
telegram  and slack, and ntfy: what each of them asks for
"""
