# The editor's pages. Keys begin with `editor-`.

## The frame of each page
editor-title = Доска класса
editor-skip = К содержанию
editor-menu = Меню
editor-language = Язык
editor-sign-out = Выйти
editor-overview = Обзор
editor-homework = Домашнее задание
editor-changes = Замены
editor-timetable = Расписание
editor-subjects = Предметы
editor-preview = Проверка бота
editor-history = История
editor-keeping = Ведение класса
editor-users = Пользователи
editor-chats = Чаты
editor-settings = Настройки
editor-account = Моя учётная запись

## Words that many pages need
editor-save = Сохранить
editor-save-mine = Сохранить мою версию
editor-add = Добавить
editor-edit = Изменить
editor-remove = Удалить
editor-rename = Переименовать
editor-cancel = Отмена
editor-show = Показать
editor-undo = Отменить
editor-filter = Найти по названию
editor-choose = Выберите…
editor-nothing = Пусто
editor-never = Никогда
editor-yes = да
editor-no = нет
editor-you = вы
editor-date = Дата
editor-today = сегодня
editor-go-on = Дальше

## Signing in
editor-sign-in = Вход
editor-sign-in-help = Забыли пароль? Новый может задать руководитель класса или администратор.
editor-signed-out = Вы долго ничего не делали, и сеанс закончился.
editor-signed-out-kept = Всё, что вы ввели, сохранено: войдите и завершите.
editor-signed-out-lost = Пароли из соображений безопасности не сохраняются: заполните форму ещё раз.
editor-user-name = Имя пользователя
editor-password = Пароль
editor-kept = Ничего не пропало
editor-kept-text = Вы снова вошли. То, что вы ввели, ещё не сохранено.
editor-kept-save = Сохранить сейчас
editor-kept-drop = Не сохранять
editor-outside = Минуту…

## What went wrong with a page
editor-problem-missing = Такой страницы нет
editor-problem-missing-text = Возможно, её переместили или удалили, или она относится к классу, в котором вы не участвуете.
editor-problem-forbidden = Вам это не разрешено
editor-problem-forbidden-text = Ваша роль этого не позволяет. Другую роль может дать руководитель класса.
editor-problem-foreign = Форма устарела
editor-problem-foreign-text = Она отправлена с другого сайта или из прежнего сеанса, поэтому ничего не изменено. Вернитесь, обновите страницу и повторите.
editor-problem-large = Слишком много за один раз
editor-problem-large-text = Форма больше, чем принимает доска. Вернитесь и сократите текст.
editor-problem-busy = Сейчас слишком много запросов
editor-problem-busy-text = Повторите через несколько секунд.
editor-problem-failed = Доска сейчас не отвечает
editor-problem-failed-text = Ничего не изменено. Повторите чуть позже; если не поможет, сообщите администратору.

## Forms: what is wrong, and what others did meanwhile
editor-faults = Проверьте { $count ->
        [one] { $count } поле
        [few] { $count } поля
        [many] { $count } полей
       *[other] { $count } поля
    }
editor-conflict = Пока вы писали, это изменил кто-то другой
editor-conflict-by = { $name } сохраняет другую версию ({ $moment }).
editor-conflict-somebody = Сохранена другая версия.
editor-conflict-text = Ничего не потеряно, ваша версия ещё не сохранена. Вы можете:
editor-conflict-mine = сохранить свою версию в том виде, как она ниже;
editor-conflict-merge = сначала объединить обе: рядом с каждым полем, которое отличается, показано, что сейчас на доске;
editor-conflict-theirs = или отказаться от своей:
editor-conflict-keep = оставить то, что на доске
editor-conflict-gone = Тем временем это удалили с доски. Введённое вами — ниже: при сохранении оно появится снова.
editor-conflict-leave = Оставить удалённым
editor-conflict-now = Сейчас на доске:
editor-conflict-take = Взять это
editor-error-invalid = Доска этого не принимает.
editor-error-long = Сократите текст: не больше { $count } символов.
editor-error-characters = В тексте есть символ, который нельзя сохранить. Введите текст без него.
editor-error-date-missing = Укажите дату.
editor-error-date = Запишите дату как год-месяц-день, например 2026-09-14.
editor-error-time = Укажите время, например 08:30.
editor-error-to = Последний день раньше первого.
editor-error-choose = Выберите вариант.
editor-error-cookies = Форма устарела, или браузер не сохраняет cookie. Попробуйте ещё раз.
editor-error-user-missing = Введите имя пользователя.
editor-error-user-name = Имя пользователя состоит из букв, цифр и _, не больше 50.
editor-error-user-taken = Учётная запись с таким именем уже есть.
editor-error-user-here = Этот человек уже в классе.
editor-error-user-elsewhere = Учётная запись с таким именем уже есть. Чтобы добавить её в класс, оставьте пароль пустым; иначе выберите другое имя.
editor-error-password = Имя или пароль неверны.
editor-error-password-now = Это не ваш нынешний пароль.
editor-error-password-missing = Введите пароль.
editor-error-password-short = Не меньше 8 символов.
editor-error-password-long = Не больше 1024 символов.
editor-error-password-common = Такой пароль пробуют первым. Выберите другой.
editor-error-disabled = Учётная запись отключена. Обратитесь к руководителю класса.
editor-error-tries = Слишком много неверных паролей. Повторите через { $count ->
        [one] { $count } секунду
        [few] { $count } секунды
        [many] { $count } секунд
       *[other] { $count } секунды
    }.
editor-error-busy = Сейчас входит много людей. Повторите через несколько секунд.
editor-error-last-admin = Кто-то должен администрировать школу: сначала назначьте другого администратора.
editor-error-name-missing = Введите название.
editor-error-class-name = Название — не длиннее 100 символов.
editor-error-slug = Только строчные латинские буквы, цифры и дефисы, не больше 40; например 9b.
editor-error-slug-taken = Этот адрес занят другим классом.
editor-error-subject = Выберите предмет из списка.
editor-error-subject-missing = Выберите предмет.
editor-error-subject-name = «{ $name }»: допустимы только буквы, цифры, пробелы, скобки, дефис и _.
editor-error-subject-long = «{ $name }…» длиннее 50 символов.
editor-error-subject-taken = Такой предмет уже есть или указан дважды: { $name }
editor-error-text-missing = Напишите, что задано.
editor-error-due = Срок раньше дня, когда задано.
editor-error-link = Ссылка начинается с https:// или http:// и не содержит пробелов: { $link }
editor-error-links-many = Не больше { $count } ссылок.
editor-error-parity = Чтобы чередовать недели, сначала укажите в настройках класса день недели A.
editor-error-zone = Такого часового пояса нет. Укажите, например, Europe/Moscow.
editor-error-bell-gap = Сначала заполните уроки выше.
editor-error-bell-ends = Урок кончается позже, чем начинается.
editor-error-bell-order = Он начинается раньше, чем кончается предыдущий.
editor-error-holiday-name = Не больше 100 символов.

## Notices
editor-notice-saved = Сохранено.
editor-notice-removed = Удалено. Вернуть можно в истории.
editor-notice-gone = Этого уже нет.
editor-notice-undone = Отменено.
editor-notice-homework-added = Задание добавлено.
editor-notice-timetable-added = Расписание добавлено.
editor-notice-subjects-added = Предметы добавлены.
editor-notice-subject-archived = Предмет убран. Вернуть можно в истории.
editor-notice-class-added = Класс добавлен.
editor-notice-class-archived = Класс убран в архив.
editor-notice-class-restored = Класс возвращён.
editor-notice-user-added = Пользователь добавлен.
editor-notice-user-removed = Пользователь удалён.
editor-notice-password = Пароль изменён. Другие браузеры и программы отключены.
editor-notice-password-reset = Новый пароль действует. Сообщите его владельцу.
editor-notice-code = Код обновлён. Привязанные чаты остаются.
editor-notice-chat-left = Чат отвязан.
editor-notice-unbound = Класс больше не заполняется из PRONOTE.

## Classes
editor-classes = Классы
editor-classes-none = Вы пока не участвуете ни в одном классе. Попросите руководителя добавить вас.
editor-classes-archived = В архиве
editor-class-add = Добавить класс
editor-class-name = Название класса
editor-class-name-hint = Как его называют, например 9Б.
editor-class-slug = Имя в адресах
editor-class-slug-hint = Строчные латинские буквы, цифры и дефисы, например 9b. Потом не меняется.
editor-class-language = Язык бота
editor-class-archived = Этот класс в архиве: его чатам бот не отвечает.
editor-class-archive = Убрать класс в архив
editor-class-archive-text = Класс исчезнет из списка, его чатам бот не ответит. Ничего не теряется, класс можно вернуть.
editor-class-restore = Вернуть
editor-role-reader = Читатель
editor-role-editor = Редактор
editor-role-head = Руководитель
editor-role-admin = Администратор
editor-role-none = Не участвует

## Overview
editor-day-today = Сегодня
editor-day-next = Следующий учебный день
editor-day-no-lessons = Уроков нет.
editor-day-no-homework = Ничего не задано.
editor-holiday = Нет занятий
editor-lesson-cancelled = отменён
editor-lesson-replaced = вместо: { $name }
editor-lesson-added = дополнительно
editor-steps = С чего начать
editor-steps-text = Несколько шагов — и класс сможет спрашивать доску в чате.
editor-step-done = сделано
editor-step-subjects = Добавить предметы
editor-step-subjects-why = на них ссылается всё остальное
editor-step-week = Заполнить расписание
editor-step-week-why = чтобы бот знал, что в какой день
editor-step-users = Добавить помощников
editor-step-users-why = редакторы пишут задания и замены
editor-step-chats = Привязать чат класса
editor-step-chats-why = с помощью кода класса

## Homework
editor-homework-add = Добавить задание
editor-homework-edit = Изменить задание
editor-homework-remove = Удалить задание
editor-homework-due = На ближайшие дни
editor-homework-due-hint = Задано к определённому дню. Бот называет его в этот день.
editor-homework-none = На эти дни ничего не задано.
editor-homework-more = Здесь помещается не всё; смотрите по неделям.
editor-homework-past = Прошедшие недели
editor-homework-from-today = От сегодняшнего дня
editor-homework-text = Что задано
editor-week-of = Неделя с { $day }
editor-week-before = Предыдущая неделя
editor-week-after = Следующая неделя
editor-notes = Без даты
editor-notes-hint = Один текст на предмет. Действует, пока вы его не измените; бот называет его в каждый день с этим предметом.
editor-note-of = Задание без даты: { $name }
editor-subject = Предмет
editor-due = Срок
editor-given = Задано
editor-given-hint = Если не указать — сегодня.
editor-links = Ссылки
editor-links-hint = По одной на строку.
editor-subjects-first = Сначала классу нужны предметы.
editor-written-over = Изменено вручную
editor-written-over-text = получено из PRONOTE: { $origin }

## Changes
editor-changes-dated = На день
editor-changes-dated-hint = Замены на день действуют вместо замен без даты.
editor-changes-undated = Замены без даты
editor-changes-undated-hint = Действуют на каждый день, у которого нет своих, пока вы их не измените.
editor-changes-open = Изменить этот день
editor-changes-none = На ближайшие дни замен нет.
editor-changes-for = Замены: { $day }
editor-changes-all = Все замены
editor-changes-new-hint = У этого дня пока нет своих замен.
editor-changes-remove = Удалить замены этого дня
editor-changes-rows = По урокам
editor-changes-text = Текстовое описание изменений
editor-changes-text-hint = Этот текст бот пришлёт, когда спросят про замены.
editor-change-none = Нет замены
editor-change-cancelled = Урок отсутствует
editor-lesson = Урок
editor-lesson-number = Урок { $number }
editor-planned = По расписанию: { $name }
editor-planned-nothing = По расписанию: ничего
editor-day-before = Предыдущий день
editor-day-after = Следующий день

## Timetable
editor-timetables = Расписания с датами
editor-timetables-hint = Каждое действует с указанного дня, возможно только в недели A или B. Считается начавшееся последним; в остальные дни — расписание без даты.
editor-timetables-none = Пока нет: всегда действует расписание без даты.
editor-timetable-add = Добавить расписание с датами
editor-timetable-edit = Изменить расписание
editor-timetable-remove = Удалить это расписание
editor-timetable-now = действует сейчас
editor-timetable-undated = Расписание без даты
editor-timetable-undated-hint = Его читают и пишут и старые программы.
editor-timetable-text = Текст для чата
editor-timetable-from = С { $from }
editor-timetable-between = С { $from } по { $to }
editor-valid-from = Первый день
editor-valid-to = Последний день
editor-valid-to-hint = Если пусто — до начала следующего.
editor-parity = Недели
editor-parity-hint = Недели A и B чередуются.
editor-parity-every = Каждая неделя
editor-parity-a = Недели A
editor-parity-b = Недели B
editor-grid-hint = Выберите предмет для каждого урока.
editor-grid-keys = Ctrl со стрелкой — переход от урока к уроку.
editor-texts = Тексты для чата
editor-texts-hint = Это отправляет бот. Составляется по сетке или пишется свободно.
editor-text-of = Текст: { $day }
editor-text-from-grid = по сетке
editor-text-free = свободно

## Subjects
editor-subject-number = №
editor-subject-name = Имя предмета
editor-subject-name-hint = До 50 букв, цифр, пробелов, скобок, дефисов.
editor-subject-lessons = Уроков в неделю
editor-subject-gone = № { $number } (нет)
editor-subjects-none = Предметов пока нет. Добавьте первые: на них ссылаются задания, расписание и замены.
editor-subjects-add = Добавить предметы
editor-subject-names = Названия
editor-subject-names-hint = По одному на строку.
editor-subject-archive = Убрать предмет
editor-subject-archive-text = Если предмета больше нет.
editor-subject-archive-next = Убрать…
editor-subject-archive-ask = Убрать «{ $name }»?
editor-subject-archive-note = Вместе с ним уйдёт задание без даты: { $text }
editor-subject-archive-lessons = { $count ->
        [0] В расписании его нет.
        [one] { $count } урок в неделю останется только с номером.
        [few] { $count } урока в неделю останутся только с номером.
       *[other] { $count } уроков в неделю останутся только с номером.
    }
editor-subject-archive-homework = { $count ->
        [0] Заданий с датой по нему нет.
        [one] { $count } задание с датой останется.
        [few] { $count } задания с датой останутся.
       *[other] { $count } заданий с датой останутся.
    }
editor-subject-archive-undo = Вернуть можно в истории.

## Users
editor-users-all = Все учётные записи
editor-users-none = Пока никого.
editor-user-add = Добавить пользователя
editor-user-name-hint = Буквы, цифры и _; регистр важен.
editor-user-password-hint = Не меньше 8 символов. Оставьте пустым, чтобы добавить того, у кого уже есть учётная запись.
editor-new-password = Новый пароль
editor-password-hint = Не меньше 8 символов и не из тех, что пробуют первыми.
editor-role = Роль
editor-role-hint = Читатели видят доску. Редакторы пишут задания, расписание и замены. Руководители ведут и предметы, пользователей, чаты, настройки.
editor-rights = Права
editor-admin = Администрирует школу
editor-admin-hint = Руководитель каждого класса; добавляет классы и ведёт все учётные записи.
editor-last-sign-in = Последний вход
editor-disabled = отключён
editor-user-disable = Отключить
editor-user-disable-hint = Не сможет войти, пока отметка стоит.
editor-password-reset = Задать новый пароль
editor-password-reset-hint = Не меньше 8 символов. Человек будет отключён везде.
editor-user-elsewhere = Эта учётная запись не только в вашем классе, поэтому сменить пароль или отключить её может лишь администратор.
editor-user-remove = Удалить
editor-user-remove-next = Удалить…
editor-user-remove-text = Учётная запись исчезнет навсегда, сеансы закончатся. Написанное останется.
editor-user-remove-ask = Удалить: { $name }?
editor-user-leave-text = Учётная запись покинет этот класс, сеансы закончатся. Написанное и её роли в других классах останутся.
editor-user-leave-ask = Убрать из класса: { $name }?

## Chats
editor-code = Код класса
editor-code-text = Добавьте бота в чат класса и напишите там:
editor-code-command = привязать
editor-code-renew = Обновить код
editor-code-renew-hint = Старый код перестанет действовать; привязанные чаты останутся.
editor-chats-bound = Привязанные чаты
editor-chats-hint = Бот может сам сообщать в чат о новых заданиях и заменах.
editor-chats-none = Пока ни один чат не привязан.
editor-chat-since = Привязан: { $moment }
editor-chat-leave = Отвязать
editor-alerts = Сообщать о новом
editor-alerts-never = Нет
editor-alerts-now = Сразу
editor-alerts-daily = Раз в день, в
editor-alerts-time = Время
editor-console = Консоль

## PRONOTE
editor-pronote-text = Класс может заполняться из учётной записи PRONOTE: предметы, расписание, замены, задания.
editor-pronote-none = Этот класс не привязан. Привязывает его тот, кто ведёт сервер, к учётной записи, с которой там выполнен вход.
editor-pronote-bound = Привязан
editor-pronote-account = Учётная запись
editor-pronote-by = Кто привязал
editor-pronote-last = Последнее заполнение
editor-pronote-outcome = Результат
editor-pronote-waiting = Ещё не заполнялся
editor-pronote-filled = Как в PRONOTE
editor-pronote-later = Школа будет опрошена позже
editor-pronote-failed = Не получилось, попытка повторится
editor-pronote-stopped = Остановлено до новой привязки
editor-pronote-until = Не раньше: { $moment }
editor-pronote-line = { $what }: новых { $added }, изменено { $changed }, удалено { $removed }
editor-pronote-by-hand = Оставлено, как написали люди: { $count }
editor-pronote-left-out = Не помещается на доске: { $count }
editor-pronote-unbind = Отвязать
editor-pronote-unbind-next = Отвязать…
editor-pronote-unbind-ask = Перестать заполнять класс из PRONOTE?
editor-pronote-unbind-text = Полученное из PRONOTE и не изменённое исчезнет. Написанное и изменённое людьми останется.
editor-pronote-counts = Что получено из PRONOTE
editor-pronote-count = без изменений: { $count }
editor-pronote-count-over = изменено вручную: { $count }
editor-pronote-rule = То, что вы измените, сохраняется и помечается.

## Settings
editor-zone = Часовой пояс
editor-zone-hint = Если пусто — как на сервере.
editor-strict = Строгая совместимость
editor-strict-hint = Бот отвечает точно как прежний: только по данным без дат.
editor-strict-on = Включена строгая совместимость: бот не сообщает ничего, что имеет дату.
editor-week = Неделя
editor-days = Учебных дней
editor-days-five = Понедельник — пятница
editor-days-six = Понедельник — суббота
editor-week-a = День недели A
editor-week-a-hint = Только если недели A и B чередуются.
editor-bells = Звонки
editor-bells-hint = По порядку; лишнее оставьте пустым.
editor-bell-from = Урок { $number }: начало
editor-bell-to = Урок { $number }: конец
editor-holidays = Каникулы и выходные
editor-holidays-hint = «Завтра» их пропускает. Чтобы удалить — очистите поля; всегда есть место ещё для трёх.
editor-holiday-number = Каникулы, { $number }
editor-holiday-name = Что это
editor-first-day = Первый день
editor-last-day = Последний день

## History
editor-history-hint = Кто что изменил. Отменить можно, пока то же самое не изменили снова; отмена тоже попадёт сюда.
editor-history-none = Изменений пока не было.
editor-history-details = Что изменилось
editor-history-older = Более ранние
editor-undid = отмена
editor-undo-stale = Это уже нельзя отменить
editor-undo-stale-text = С тех пор это изменили снова, или имя уже занято. Ничего не сделано. Сначала отмените более позднее изменение.
editor-kind-added = добавлено
editor-kind-changed = изменено
editor-kind-removed = удалено
editor-what-subject = Предмет: { $name }
editor-what-assignment = Задание: { $name }, к { $day }
editor-what-timetable = Расписание с { $from }
editor-what-user = Учётная запись: { $name }
editor-what-import = Импорт
editor-fact-lessons = { $name }: уроки
editor-fact-text = { $name }: текст
editor-fact-another = заменён
editor-fact-archived = В архиве
editor-door-php = старые программы
editor-door-v2 = программа
editor-door-editor = этот редактор
editor-door-command = командная строка
editor-door-pronote = PRONOTE
editor-door-import = импорт
editor-door-chat = чат
editor-door-other = другим путём

## Bot preview
editor-preview-text = Спросите, как спросили бы в чате, и посмотрите ответ бота. Ничего не отправляется.
editor-preview-message = Сообщение
editor-preview-ask = Спросить
editor-preview-try = Примеры вопросов
editor-preview-answer = Ответ бота
editor-preview-acts = Это привязало бы или отвязало чат либо настроило уведомления. Здесь ничего из этого не происходит.
editor-preview-silence = На это бот ничего не отвечает.

## Own account
editor-password-now = Нынешний пароль
editor-password-change = Сменить пароль
editor-keys = Где выполнен вход
editor-keys-hint = Браузеры и программы, вошедшие с вашей учётной записью.
editor-key-this = этот браузер
editor-key-since = С: { $moment }
editor-key-php = Старая программа
editor-key-api = Программа
editor-key-web = Браузер
editor-sign-out-everywhere = Выйти везде
