# The pages on which a card is verified. Keys begin with `card-`. The verdicts are two words: they are read from afar.

card-valid = Карта действительна
card-valid-hint = Учебное заведение только что подтвердило эту карту.
card-shown = Уже показана
card-shown-hint = Этот код уже проверяли в { $time }. Попросите открыть карту заново и проверьте новый код.
card-expired = Код устарел
card-expired-hint = Попросите открыть карту заново и проверьте новый код. Снимка экрана недостаточно.
card-revoked = Карта отозвана
card-revoked-hint = Учебное заведение больше не признаёт эту карту.
card-unknown = Код неизвестен
card-unknown-hint = Этот код выдан не учебным заведением.
card-too-often = Слишком часто
card-too-often-hint = Подождите немного и попробуйте ещё раз.
card-student = Карта студента
card-staff = Карта сотрудника
card-photo = Фотография
card-checked = Проверено в
card-checker-link = Проверяющим: с фотографией
card-checker-title = Проверка карт
card-checker-hint = С ключом, который вам выдало учебное заведение, вы увидите и фотографию того, чью карту проверяете.
card-checker-token = Ключ
card-checker-wrong = Этот ключ не подходит.
card-checker-enter = Войти
card-checker-inside = Вы вошли. Отсканируйте код карты: двенадцать часов будет видна и фотография.
card-checker-leave = Выйти
