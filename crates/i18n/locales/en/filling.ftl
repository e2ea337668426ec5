# What is said of lessons and homework that come from PRONOTE. Keys begin with `filling-`.

filling-cancelled = canceled
filling-instead = instead of { $subject }
filling-added = additional
filling-room = room { $rooms }
filling-files = Files in PRONOTE: { $files }
filling-other-subject = Other
