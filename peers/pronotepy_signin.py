"""Every way pronotepy can sign in, and everything it can then read and write: pronotepy_signin.py URL

URL is the root of a fresh school, with its final slash.
"""

import sys

import pronotepy
import requests

from school import LOCKED, NAMED_DEVICES_ONLY, PARENT, PASSWORD, SCHOOL_LIFE, SECURED, SECURED_PIN, STUDENT, check, judged

DEVICE = "6f0d7a52-judge"


def refused(sign_in):
    """Whether a sign-in is refused: 2.15.7 gives a client that is not signed in, the others raise.

    They try to read the challenge with the wrong password; once in 256 times its padding is right and its letters are not.
    """
    try:
        return not sign_in().logged_in
    except (pronotepy.PronoteAPIError, UnicodeDecodeError):
        return True


def credentials(root):
    student = pronotepy.Client(root + "eleve.html", STUDENT, PASSWORD)
    check(student.logged_in, "a student signs in with a password")
    check(student.info.name and student.info.class_name and student.info.establishment, "a student has a name, a class and a school")
    check(pronotepy.Client(root + "eleve.html", STUDENT.upper(), PASSWORD).logged_in, "capitals in a login do not matter")
    check(refused(lambda: pronotepy.Client(root + "eleve.html", STUDENT, "wrong")), "a wrong password is refused")
    check(refused(lambda: pronotepy.Client(root + "eleve.html", "nobody-at-all", PASSWORD)), "an unknown login is refused")
    check(refused(lambda: pronotepy.Client(root + "eleve.html", LOCKED, PASSWORD)), "a locked account is refused")
    return student


def qr_code_and_token(root, student):
    code = student.request_qr_code_data("4021")
    try:
        pronotepy.Client.qrcode_login(code, "9999", DEVICE)
        raise SystemExit("wrong: a wrong PIN opens a QR code")
    except pronotepy.QRCodeDecryptError:
        judged("a wrong PIN does not open a QR code")
    mobile = pronotepy.Client.qrcode_login(code, "4021", DEVICE)
    check(mobile.logged_in and mobile.info.name == student.info.name, "a QR code signs the same student in")
    check(refused(lambda: pronotepy.Client.qrcode_login(code, "4021", DEVICE)), "a QR code serves once")

    first = mobile.export_credentials()
    again = pronotepy.Client.token_login(**first)
    second = again.export_credentials()
    check(again.logged_in, "a token signs in")
    check(second["password"] != first["password"], "a token is replaced each time it is used")
    check(pronotepy.Client.token_login(**second).logged_in, "the new token signs in")
    check(refused(lambda: pronotepy.Client.token_login(**first)), "the old token is refused")


def second_factor(root):
    page = root + "eleve.html"
    try:
        pronotepy.Client(page, SECURED, PASSWORD, account_pin="0000", device_name="Judge")
        raise SystemExit("wrong: a wrong PIN is accepted")
    except pronotepy.MFAError:
        judged("a wrong PIN is refused")
    known = pronotepy.Client(page, SECURED, PASSWORD, account_pin=SECURED_PIN, device_name="Judge")
    check(known.logged_in and known.homework(known.start_day) is not None, "the PIN opens the account")
    again = pronotepy.Client(page, SECURED, PASSWORD, client_identifier=known.client_identifier)
    check(again.logged_in and again.homework(again.start_day) is not None, "a registered device is not asked again")

    named = pronotepy.Client(page, NAMED_DEVICES_ONLY, PASSWORD, device_name="Judge")
    check(named.homework(named.start_day) is not None, "the name of the device opens an account that only asks for it")

    code = known.request_qr_code_data("4021")
    mobile = pronotepy.Client.qrcode_login(code, "4021", DEVICE, account_pin=SECURED_PIN, device_name="Judge's phone")
    check(mobile.logged_in and mobile.homework(mobile.start_day) is not None, "a QR code and the PIN open the account")


def expiry(root):
    client = pronotepy.Client(root + "eleve.html", STUDENT, PASSWORD)
    session = client.attributes["h"]
    client.post("SaisieDeconnexion")
    check(client.homework(client.start_day), "a closed session is opened again by itself")
    check(client.attributes["h"] != session, "opening again makes another session")
    client.communication.request_number += 2
    check(client.homework(client.start_day), "a wrong order number only costs the session")
    piece = client.homework(client.start_day)[0]
    client.post("SaisieDeconnexion")
    try:
        piece.set_done(True)
        raise SystemExit("wrong: an identifier outlives its session")
    except pronotepy.ExpiredObject:
        judged("an identifier of a closed session is said to be one")
    check(client.session_check() is True, "the keep-alive call says that it expired")
    check(client.session_check() is False, "the keep-alive call keeps alive")


def reads(client):
    start, end = client.start_day, client.periods[-1].end.date()
    lessons = client.lessons(start, end)
    check(lessons, "a year has lessons")
    check(all(lesson.start < lesson.end for lesson in lessons), "every lesson ends after it starts")
    for variant in ("canceled", "detention", "outing", "exempted", "test", "virtual_classrooms", "status", "memo", "group_names"):
        check(any(getattr(lesson, variant) for lesson in lessons), f"some lesson has `{variant}`")
    with_content = [lesson for lesson in lessons if client.get_week(lesson.start.date()) <= 2 and lesson.content]
    check(with_content, "some lesson has a content")

    homework = client.homework(start)
    check(homework and all(piece.subject.name and piece.description for piece in homework), "homework has a subject and a text")
    attachments = [file for piece in homework for file in piece.files]
    check({file.type for file in attachments} == {0, 1}, "homework carries links and files")
    file = next(file for file in attachments if file.type == 1)
    check(len(file.data) > 0, "a file of the homework can be fetched")

    check(client.current_period in client.periods, "there is a current period")
    grades, evaluations, absences, delays, punishments, reports = [], [], [], [], [], []
    for period in client.periods:
        grades += period.grades
        evaluations += period.evaluations
        absences += period.absences
        delays += period.delays
        punishments += period.punishments
        reports += [period.report] if period.report else []
        period.averages, period.overall_average, period.class_overall_average
    check(grades and all(grade.subject.name for grade in grades), "there are grades")
    check(any(grade.is_bonus for grade in grades), "some grade is a bonus")
    check(evaluations and any(evaluation.acquisitions for evaluation in evaluations), "there are evaluations")
    check(absences, "there are absences")
    check(delays, "there are delays")
    check(punishments, "there are punishments")
    check(reports and reports[0].subjects, "there is a report card")

    news = client.information_and_surveys()
    check(any(item.survey for item in news) and any(not item.survey for item in news), "there is news, and a survey")
    content = news[0].content
    check(content() if callable(content) else content, "news has a text")
    days = client.menus(start, end)
    check(any(menu.is_lunch for menu in days) and all(menu.date for menu in days), "the canteen has menus")
    check(client.get_recipients(), "there is somebody to write to")
    check(client.get_teaching_staff(), "there are teachers")
    check(client.info.ine_number and client.info.email and client.info.phone and client.info.address, "there are personal data")
    for name, address in (("calendar", client.export_ical()), ("timetable on paper", client.generate_timetable_pdf())):
        check(requests.get(address, timeout=10).ok, f"the {name} can be fetched")


def writes(client):
    piece = client.homework(client.start_day)[0]
    done = piece.done
    piece.set_done(not done)
    check(client.homework(client.start_day)[0].done is not done, "homework marked done is read back as done")

    news = client.information_and_surveys()[0]
    read = news.read
    news.mark_as_read(not read)
    check(client.information_and_surveys()[0].read is not read, "news marked read is read back as read")

    teacher = next(person for person in client.get_recipients() if person.with_discussion)
    client.new_discussion("A judge writes", "Is anybody there?", [teacher])
    mine = next(found for found in client.discussions() if found.subject == "A judge writes")
    check(mine.messages[0].content == "Is anybody there?", "a new discussion is read back")
    mine.reply("Still there?")
    check({message.content for message in mine.messages} == {"Is anybody there?", "Still there?"}, "a reply is read back")
    check(mine.participants(), "a discussion has participants")
    mine.mark_as(False)
    mine.delete()
    check(
        all("Trash" in found.labels for found in client.discussions() if found.subject == "A judge writes"),
        "a deleted discussion is in the trash or gone",
    )


def parent(root):
    client = pronotepy.ParentClient(root + "parent.html", PARENT, PASSWORD)
    check(client.logged_in and len(client.children) > 1, "a parent signs in and has several children")
    seen = {}
    for child in client.children:
        client.set_child(child)
        seen[child.name] = [(lesson.start, lesson.subject and lesson.subject.name) for lesson in client.lessons(client.start_day, client.periods[0].end.date())]
        check(client.homework(client.start_day) is not None, "a child has homework")
    check(all(seen.values()), "every child has lessons")
    check(len({str(lessons) for lessons in seen.values()}) == len(seen), "children have lessons of their own")
    check(client.discussions() and client.discussions()[0].messages, "a parent reads discussions")


def school_life(root):
    client = pronotepy.VieScolaireClient(root + "viescolaire.html", SCHOOL_LIFE, PASSWORD)
    check(client.logged_in and client.classes, "school life signs in and sees classes")
    students = client.classes[0].students()
    check(students and all(student.identity.last_name for student in students), "a class has students")
    check(all(student.guardians for student in students), "students have guardians")


def main(root):
    print(f"pronotepy {pronotepy.__version__}")
    student = credentials(root)
    qr_code_and_token(root, student)
    second_factor(root)
    expiry(root)
    reads(student)
    writes(student)
    parent(root)
    school_life(root)


main(*sys.argv[1:])
