# The editor's pages. Keys begin with `editor-`.

## The frame of each page
editor-title = Class board
editor-skip = Skip to the content
editor-menu = Menu
editor-language = Language
editor-sign-out = Sign out
editor-overview = Overview
editor-homework = Homework
editor-changes = Changes
editor-timetable = Timetable
editor-subjects = Subjects
editor-preview = Bot preview
editor-history = History
editor-keeping = Class keeping
editor-users = Users
editor-chats = Chats
editor-settings = Settings
editor-account = My account

## Words that many pages need
editor-save = Save
editor-save-mine = Save my version
editor-add = Add
editor-edit = Edit
editor-remove = Remove
editor-rename = Rename
editor-cancel = Cancel
editor-show = Show
editor-undo = Undo
editor-filter = Filter by name
editor-choose = Choose…
editor-nothing = Nothing
editor-never = Never
editor-yes = yes
editor-no = no
editor-you = you
editor-date = Date
editor-today = today
editor-go-on = Go on

## Signing in
editor-sign-in = Sign in
editor-sign-in-help = Forgotten your password? The head of your class or your administrator can give you a new one.
editor-signed-out = You were signed out because nothing happened for a long time.
editor-signed-out-kept = What you typed is kept: sign in, and you can save it.
editor-signed-out-lost = For safety, passwords you typed are not kept: fill that form in again.
editor-user-name = User name
editor-password = Password
editor-kept = Nothing is lost
editor-kept-text = You are signed in again. What you typed has not been saved yet.
editor-kept-save = Save it now
editor-kept-drop = Do not save it
editor-outside = One moment…

## What went wrong with a page
editor-problem-missing = There is no such page
editor-problem-missing-text = It may have been moved or removed, or it belongs to a class you have no part in.
editor-problem-forbidden = You may not do that
editor-problem-forbidden-text = Your role does not allow it. The head of the class can give you another one.
editor-problem-foreign = This form was out of date
editor-problem-foreign-text = It was sent from another site or from an earlier sign-in, so nothing was changed. Go back, reload the page and try again.
editor-problem-large = That is too much at once
editor-problem-large-text = The form was larger than the board accepts. Go back and shorten it.
editor-problem-busy = Too busy at the moment
editor-problem-busy-text = Try again in a few seconds.
editor-problem-failed = The board cannot do that right now
editor-problem-failed-text = Nothing was changed. Try again in a moment; if it stays like this, tell whoever runs it.

## Forms: what is wrong, and what others did meanwhile
editor-faults = Please check { $count ->
        [one] one field
       *[other] { $count } fields
    }
editor-conflict = Somebody else changed this meanwhile
editor-conflict-by = { $name } saved another version ({ $moment }).
editor-conflict-somebody = Another version was saved.
editor-conflict-text = Nothing is lost, and nothing of yours is saved yet. You can:
editor-conflict-mine = save your version as it stands below;
editor-conflict-merge = put the two together first: beside each field that differs you see what is on the board now;
editor-conflict-theirs = or drop yours:
editor-conflict-keep = keep what is on the board
editor-conflict-gone = It was removed from the board meanwhile. What you typed is below: saving puts it there again.
editor-conflict-leave = Leave it removed
editor-conflict-now = On the board now:
editor-conflict-take = Take this
editor-error-invalid = The board does not accept this.
editor-error-long = Shorten the text: at most { $count } characters.
editor-error-characters = The text has a character that cannot be stored. Type it again without it.
editor-error-date-missing = Give a date.
editor-error-date = Write the date as year-month-day, such as 2026-09-14.
editor-error-time = Give a time, such as 08:30.
editor-error-to = The last day is before the first one.
editor-error-choose = Choose one.
editor-error-cookies = This form was out of date, or your browser keeps no cookies. Try again.
editor-error-user-missing = Enter a user name.
editor-error-user-name = A user name is made of letters, digits and _, at most 50 of them.
editor-error-user-taken = There is an account with this name already.
editor-error-user-here = This person is in the class already.
editor-error-user-elsewhere = There is an account with this name already. To give it a part in this class, leave the password empty; otherwise choose another name.
editor-error-password = The name or the password is not right.
editor-error-password-now = That is not your present password.
editor-error-password-missing = Enter a password.
editor-error-password-short = At least 8 characters, please.
editor-error-password-long = At most 1024 characters, please.
editor-error-password-common = Everybody tries this password first. Choose another one.
editor-error-disabled = This account is disabled. Ask the head of your class.
editor-error-tries = Too many wrong passwords. Try again in { $count ->
        [one] one second
       *[other] { $count } seconds
    }.
editor-error-busy = Many people are signing in at the moment. Try again in a few seconds.
editor-error-last-admin = Somebody has to administer the school: make another administrator first.
editor-error-name-missing = Enter a name.
editor-error-class-name = A name of at most 100 characters, please.
editor-error-slug = Small Latin letters, digits and hyphens only, at most 40; for instance 9b.
editor-error-slug-taken = Another class has this address.
editor-error-subject = Choose one of the subjects.
editor-error-subject-missing = Choose a subject.
editor-error-subject-name = “{ $name }”: only letters, digits, blanks, brackets, hyphens and _.
editor-error-subject-long = “{ $name }…” is longer than 50 characters.
editor-error-subject-taken = There is such a subject already, or it stands here twice: { $name }
editor-error-text-missing = Write what is to be done.
editor-error-due = It is due before it was given.
editor-error-link = A link begins with https:// or http:// and has no blanks: { $link }
editor-error-links-many = At most { $count } links, please.
editor-error-parity = Weeks A and B need a start: give a day of a week A in the settings of the class first.
editor-error-zone = There is no such time zone. Write a name such as Europe/Moscow.
editor-error-bell-gap = Fill in the lessons above first.
editor-error-bell-ends = A lesson ends after it begins.
editor-error-bell-order = It begins before the lesson above ends.
editor-error-holiday-name = At most 100 characters, please.

## Notices
editor-notice-saved = Saved.
editor-notice-removed = Removed. The history can bring it back.
editor-notice-gone = It was already gone.
editor-notice-undone = Undone.
editor-notice-homework-added = Homework added.
editor-notice-timetable-added = Timetable added.
editor-notice-subjects-added = Subjects added.
editor-notice-subject-archived = Subject put away. The history can bring it back.
editor-notice-class-added = Class added.
editor-notice-class-archived = Class put away.
editor-notice-class-restored = Class taken up again.
editor-notice-user-added = User added.
editor-notice-user-removed = User removed.
editor-notice-password = Password changed. Other browsers and programs were signed out.
editor-notice-password-reset = The new password holds. Tell it to its owner.
editor-notice-code = There is a new code. Bound chats stay bound.
editor-notice-chat-left = Chat unbound.
editor-notice-unbound = The class is no longer filled from PRONOTE.

## Classes
editor-classes = Classes
editor-classes-none = You have no part in any class yet. Ask the head of your class to add you.
editor-classes-archived = Put away
editor-class-add = Add a class
editor-class-name = Name of the class
editor-class-name-hint = As people say it, for instance 9Б.
editor-class-slug = Name in addresses
editor-class-slug-hint = Small Latin letters, digits and hyphens, for instance 9b. It stays as it is.
editor-class-language = Language of the bot
editor-class-archived = This class has been put away: its chats get no answers.
editor-class-archive = Put the class away
editor-class-archive-text = The class leaves the list and its chats get no answers. Nothing of it is lost, and it can be taken up again.
editor-class-restore = Take up again
editor-role-reader = Reader
editor-role-editor = Editor
editor-role-head = Head
editor-role-admin = Administrator
editor-role-none = No part

## Overview
editor-day-today = Today
editor-day-next = Next day of school
editor-day-no-lessons = No lessons.
editor-day-no-homework = No homework.
editor-holiday = No school
editor-lesson-cancelled = cancelled
editor-lesson-replaced = instead of { $name }
editor-lesson-added = additional
editor-steps = First steps
editor-steps-text = A few things, and the class can ask its board in the chat.
editor-step-done = done
editor-step-subjects = Add the subjects
editor-step-subjects-why = everything else names them
editor-step-week = Fill in the timetable
editor-step-week-why = so that the bot knows what is on which day
editor-step-users = Add people who help
editor-step-users-why = editors write homework and changes
editor-step-chats = Bind the chat of the class
editor-step-chats-why = with the code of the class

## Homework
editor-homework-add = Add homework
editor-homework-edit = Edit homework
editor-homework-remove = Remove this homework
editor-homework-due = Due from today on
editor-homework-due-hint = With a day it is due. The bot tells it for that day.
editor-homework-none = Nothing is due.
editor-homework-more = There is more than fits here; look week by week.
editor-homework-past = Past weeks
editor-homework-from-today = From today on
editor-homework-text = What is to be done
editor-week-of = Week of { $day }
editor-week-before = Previous week
editor-week-after = Next week
editor-notes = Without a date
editor-notes-hint = One text for each subject. It stands until you change it, and the bot tells it on every day with that subject.
editor-note-of = Homework without a date: { $name }
editor-subject = Subject
editor-due = Due
editor-given = Given
editor-given-hint = Today when left empty.
editor-links = Links
editor-links-hint = One a line.
editor-subjects-first = First the class needs subjects.
editor-written-over = Written over
editor-written-over-text = came from PRONOTE: { $origin }

## Changes
editor-changes-dated = For a day
editor-changes-dated-hint = Changes for a day stand in place of those without a date.
editor-changes-undated = Changes without a date
editor-changes-undated-hint = They apply to every day that has none of its own, until you change them.
editor-changes-open = Edit this day
editor-changes-none = No day to come has changes.
editor-changes-for = Changes for { $day }
editor-changes-all = All changes
editor-changes-new-hint = This day has no changes of its own yet.
editor-changes-remove = Remove the changes of this day
editor-changes-rows = Lesson by lesson
editor-changes-text = Text about the changes
editor-changes-text-hint = The bot sends this text when somebody asks for changes.
editor-change-none = No change
editor-change-cancelled = No lesson
editor-lesson = Lesson
editor-lesson-number = Lesson { $number }
editor-planned = Planned: { $name }
editor-planned-nothing = Planned: nothing
editor-day-before = Day before
editor-day-after = Day after

## Timetable
editor-timetables = Timetables with dates
editor-timetables-hint = Each holds from a day on, perhaps for weeks A or B only. The one that began last counts; on days without one, the one without a date.
editor-timetables-none = None yet: the timetable without a date always counts.
editor-timetable-add = Add a timetable with dates
editor-timetable-edit = Edit the timetable
editor-timetable-remove = Remove this timetable
editor-timetable-now = in force now
editor-timetable-undated = Timetable without a date
editor-timetable-undated-hint = The one that old programs read and write too.
editor-timetable-text = Text for the chat
editor-timetable-from = From { $from }
editor-timetable-between = { $from } to { $to }
editor-valid-from = First day
editor-valid-to = Last day
editor-valid-to-hint = Left empty: until another begins.
editor-parity = Weeks
editor-parity-hint = Weeks A and B take turns.
editor-parity-every = Every week
editor-parity-a = Weeks A
editor-parity-b = Weeks B
editor-grid-hint = Pick the subject of each lesson.
editor-grid-keys = Ctrl with an arrow key goes from lesson to lesson.
editor-texts = Texts for the chat
editor-texts-hint = What the bot sends. Written from the grid, or freely by you.
editor-text-of = Text for { $day }
editor-text-from-grid = from the grid
editor-text-free = freely

## Subjects
editor-subject-number = No.
editor-subject-name = Name of the subject
editor-subject-name-hint = At most 50 letters, digits, blanks, brackets, hyphens.
editor-subject-lessons = Lessons a week
editor-subject-gone = No. { $number } (not there)
editor-subjects-none = No subjects yet. Add the first ones: homework, timetable and changes name them.
editor-subjects-add = Add subjects
editor-subject-names = Names
editor-subject-names-hint = One a line.
editor-subject-archive = Put the subject away
editor-subject-archive-text = For a subject that is no longer taught.
editor-subject-archive-next = Put away…
editor-subject-archive-ask = Put “{ $name }” away?
editor-subject-archive-note = Its homework without a date goes too: { $text }
editor-subject-archive-lessons = { $count ->
        [0] It is not in the timetable.
        [one] One lesson a week will show its number only.
       *[other] { $count } lessons a week will show its number only.
    }
editor-subject-archive-homework = { $count ->
        [0] No dated homework names it.
        [one] One piece of dated homework names it and stays.
       *[other] { $count } pieces of dated homework name it and stay.
    }
editor-subject-archive-undo = The history can bring it back.

## Users
editor-users-all = All accounts
editor-users-none = Nobody yet.
editor-user-add = Add a user
editor-user-name-hint = Letters, digits and _; case matters.
editor-user-password-hint = At least 8 characters. Leave it empty to add somebody who has an account already.
editor-new-password = New password
editor-password-hint = At least 8 characters, and not one that everybody tries first.
editor-role = Role
editor-role-hint = Readers see the board. Editors write homework, timetable and changes. Heads also keep subjects, users, chats and settings.
editor-rights = Rights
editor-admin = Administers the school
editor-admin-hint = Head of every class; adds classes and keeps all accounts.
editor-last-sign-in = Last sign-in
editor-disabled = disabled
editor-user-disable = Disabled
editor-user-disable-hint = Cannot sign in until you take this tick away.
editor-password-reset = Reset the password
editor-password-reset-hint = At least 8 characters. The person is signed out everywhere.
editor-user-elsewhere = This account reaches beyond your class, so only an administrator may reset its password or disable it.
editor-user-remove = Remove
editor-user-remove-next = Remove…
editor-user-remove-text = The account goes for good and is signed out everywhere. What it wrote stays.
editor-user-remove-ask = Remove { $name }?
editor-user-leave-text = The account leaves this class and is signed out everywhere. What it wrote, and its part elsewhere, stay.
editor-user-leave-ask = Take { $name } out of the class?

## Chats
editor-code = Code of the class
editor-code-text = Add the bot to the chat of the class and write there:
editor-code-command = bind
editor-code-renew = Renew the code
editor-code-renew-hint = The old code stops working; bound chats stay bound.
editor-chats-bound = Bound chats
editor-chats-hint = A chat can be told of new homework and changes by itself.
editor-chats-none = No chat is bound yet.
editor-chat-since = Bound: { $moment }
editor-chat-leave = Unbind
editor-alerts = Tell of news
editor-alerts-never = No
editor-alerts-now = At once
editor-alerts-daily = Once a day, at
editor-alerts-time = Time
editor-console = Console

## PRONOTE
editor-pronote-text = A class can be filled from a PRONOTE account: subjects, timetable, changes and homework.
editor-pronote-none = This class is not bound. Whoever runs the server binds it to an account that is signed in there.
editor-pronote-bound = Bound
editor-pronote-account = Account
editor-pronote-by = Bound by
editor-pronote-last = Last filled
editor-pronote-outcome = Outcome
editor-pronote-waiting = Not filled yet
editor-pronote-filled = As PRONOTE has it
editor-pronote-later = The school is asked again later
editor-pronote-failed = It went wrong, and is tried again
editor-pronote-stopped = Stopped until it is bound again
editor-pronote-until = Not before { $moment }
editor-pronote-line = { $what }: { $added } new, { $changed } changed, { $removed } removed
editor-pronote-by-hand = Left as people wrote it: { $count }
editor-pronote-left-out = Does not fit on the board: { $count }
editor-pronote-unbind = Unbind
editor-pronote-unbind-next = Unbind…
editor-pronote-unbind-ask = Stop filling this class from PRONOTE?
editor-pronote-unbind-text = What came from PRONOTE and was left as it was goes away. What people wrote or wrote over stays.
editor-pronote-counts = What came from PRONOTE
editor-pronote-count = { $count } as it came
editor-pronote-count-over = { $count } written over
editor-pronote-rule = What you write over is kept, and marked.

## Settings
editor-zone = Time zone
editor-zone-hint = Left empty: that of the server.
editor-strict = Strict compatibility
editor-strict-hint = The bot answers exactly as the original did: from what has no date only.
editor-strict-on = Strict compatibility is on: the bot does not tell what has a date.
editor-week = Week
editor-days = Days of school
editor-days-five = Monday to Friday
editor-days-six = Monday to Saturday
editor-week-a = A day of a week A
editor-week-a-hint = Only where weeks A and B take turns.
editor-bells = Times of lessons
editor-bells-hint = In their order; leave empty what there is not.
editor-bell-from = Lesson { $number } begins
editor-bell-to = Lesson { $number } ends
editor-holidays = Days without school
editor-holidays-hint = “Tomorrow” skips them. To remove one, empty its fields; there is always room for three more.
editor-holiday-number = Days without school, { $number }
editor-holiday-name = What it is
editor-first-day = First day
editor-last-day = Last day

## History
editor-history-hint = Who changed what. Undoing works as long as nobody changed the same thing since, and is noted here too.
editor-history-none = Nothing has been changed yet.
editor-history-details = What changed
editor-history-older = Older changes
editor-undid = undo
editor-undo-stale = This can no longer be undone
editor-undo-stale-text = The same thing was changed again since, or its name is taken now. Nothing was done. Undo the later change first.
editor-kind-added = added
editor-kind-changed = changed
editor-kind-removed = removed
editor-what-subject = Subject { $name }
editor-what-assignment = Homework: { $name }, due { $day }
editor-what-timetable = Timetable from { $from }
editor-what-user = Account { $name }
editor-what-import = Import
editor-fact-lessons = { $name }: lessons
editor-fact-text = { $name }: text
editor-fact-another = replaced
editor-fact-archived = Put away
editor-door-php = old programs
editor-door-v2 = a program
editor-door-editor = this editor
editor-door-command = the command line
editor-door-pronote = PRONOTE
editor-door-import = an import
editor-door-chat = a chat
editor-door-other = another way

## Bot preview
editor-preview-text = Ask as somebody in the chat would, and see what the bot answers. Nothing is sent.
editor-preview-message = Message
editor-preview-ask = Ask
editor-preview-try = Questions to try
editor-preview-answer = What the bot answers
editor-preview-acts = This would bind or unbind the chat, or set its alerts. Nothing of it is done here.
editor-preview-silence = The bot says nothing to this.

## Own account
editor-password-now = Present password
editor-password-change = Change the password
editor-keys = Signed in
editor-keys-hint = Browsers and programs that are signed in with your account.
editor-key-this = this browser
editor-key-since = Since { $moment }
editor-key-php = Old program
editor-key-api = Program
editor-key-web = Browser
editor-sign-out-everywhere = Sign out everywhere
