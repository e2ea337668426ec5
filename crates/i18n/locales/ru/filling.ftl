# What is said of lessons and homework that come from PRONOTE. Keys begin with `filling-`.

filling-cancelled = урок отменён
filling-instead = вместо { $subject }
filling-added = дополнительно
filling-room = каб. { $rooms }
filling-files = Файлы в PRONOTE: { $files }
filling-other-subject = Разное
