# What the bot says. Keys begin with `bot-`.

bot-changes-none = No changes
