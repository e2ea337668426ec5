# The pages on which a card is verified. Keys begin with `card-`. The verdicts are two words: they are read from afar.

card-valid = Card valid
card-valid-hint = The institution has just confirmed this card.
card-shown = Already shown
card-shown-hint = This code was already checked at { $time }. Ask the holder to reopen the card, then check the new code.
card-expired = Code expired
card-expired-hint = Ask the holder to reopen the card, then check the new code. A screenshot is not enough.
card-revoked = Card withdrawn
card-revoked-hint = The institution no longer recognizes this card.
card-unknown = Code unknown
card-unknown-hint = This code does not come from the institution.
card-too-often = Too often
card-too-often-hint = Wait a moment, then try again.
card-student = Student card
card-staff = Staff card
card-photo = Photo
card-checked = Checked at
card-checker-link = A checker? See the photo
card-checker-title = Check cards
card-checker-hint = With the token that the institution gave you, you will also see the photo of those whose card you check.
card-checker-token = Token
card-checker-wrong = This token is not valid.
card-checker-enter = Sign in
card-checker-inside = You are signed in. Scan the code of a card: for twelve hours the photo is shown too.
card-checker-leave = Sign out
