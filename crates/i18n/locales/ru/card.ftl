# The pages on which a card is verified. Keys begin with `card-`. The verdicts are two words: they are read from afar.

card-valid = Билет действителен
card-valid-hint = Учебное заведение только что подтвердило этот билет.
card-shown = Уже показан
card-shown-hint = Этот код уже проверяли в { $time }. Попросите открыть билет заново и проверьте новый код.
card-expired = Код устарел
card-expired-hint = Попросите открыть билет заново и проверьте новый код. Снимка экрана недостаточно.
card-revoked = Билет отозван
card-revoked-hint = Учебное заведение больше не признаёт этот билет.
card-unknown = Код неизвестен
card-unknown-hint = Этот код выдан не учебным заведением.
card-too-often = Слишком часто
card-too-often-hint = Подождите немного и попробуйте ещё раз.
card-student = Студент
card-staff = Сотрудник
card-photo = Фотография
card-checked = Проверено в
card-checker-link = Показывать фотографию
card-checker-title = Проверка билетов
card-checker-hint = С ключом, который вам выдало учебное заведение, вы увидите и фотографию того, чей билет проверяете.
card-checker-token = Ключ
card-checker-wrong = Этот ключ не подходит.
card-checker-enter = Войти
card-checker-inside = Вы вошли. Отсканируйте код билета: двенадцать часов будет видна и фотография.
card-checker-leave = Выйти
