"""Every portal sign-in of pronotepy that the emulated portals know: ent.py ADDRESS CONTROL AUTHORITY

ADDRESS is where every host is played (127.0.0.1:PORT), CONTROL the control port (http://127.0.0.1:PORT/), AUTHORITY the
file of the authority that vouches for the hosts. Names are resolved to ADDRESS inside this process only.
"""

import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

ADDRESS, CONTROL, AUTHORITY = sys.argv[1:]
HOST, PORT = ADDRESS.rsplit(":", 1)
os.environ["REQUESTS_CA_BUNDLE"] = AUTHORITY
os.environ["NO_PROXY"] = "*"

resolve = socket.getaddrinfo


def detour(host, port, *args, **kwargs):
    """Leads every name but this machine's own to the emulator."""
    if host in ("127.0.0.1", "localhost"):
        return resolve(host, port, *args, **kwargs)
    return resolve(HOST, int(PORT), *args, **kwargs)


socket.getaddrinfo = detour

import pronotepy
import requests
from pronotepy import ent
from pronotepy.exceptions import ENTLoginError

from school import check

PUPIL, GUARDIAN, PASSWORD = "eleve.ok", "parent.ok", "motdepasse-test"

# Functions of `pronotepy.ent`, by whose form takes the password, and the portal whose school they are tried at.
EDUCONNECT = {
    # Skolengo
    "monbureaunumerique": "ac-nancy-metz",
    "ac_reims": "ac-reims",
    "eclat_bfc": "ac-dijon",
    "ent_auvergnerhonealpe": "ac-grenoble",
    "cas_agora06": "agora06",
    "cas_cybercolleges42_edu": "cybercolleges42",
    "ecollege_haute_garonne_edu": "haute-garonne",
    "cas_seinesaintdenis_edu": "seine-saint-denis",
    "cas_arsene76_edu": "arsene76",
    "occitanie_montpellier_educonnect": "ac-montpellier",
    "occitanie_toulouse_edu": "ac-toulouse",
    "ent_creuse_educonnect": "creuse",
    "val_de_marne": "val-de-marne",
    # Edifice
    "ent_94": "ent94",
    "ent_hdf": "hdf",
    "ent_somme": "somme",
    "ent_var": "var",
    "l_normandie": "normandie",
    "lyceeconnecte_edu": "lyceeconnecte",
    # each a family of its own
    "ac_orleans_tours": "former-ac-orleans-tours",
    "ac_poitiers": "poitiers-dispatcher",
    "laclasse_educonnect": "laclasse-educonnect",
    "ent_elyco": "ac-nantes",
    "ac_reunion": "ac-reunion",
    "ac_rennes": "toutatice",
    "bordeaux": "ac-bordeaux2",
}
OWN_FORM = {
    # Skolengo
    "cas_arsene76": "arsene76",
    "cas_ent27": "eure-normandie",
    "cas_kosmos": "ljr-munich",
    "ent_creuse": "creuse",
    "occitanie_montpellier": "ac-montpellier",
    "val_doise": "ac-valdoise",
    # Edifice
    "ent77": "seine-et-marne",
    "ent_ecollege78": "yvelines",
    "ent_essonne": "moncollege-essonne",
    "ent_mayotte": "former-mayotte",
    "ile_de_france": "former-iledefrance",
    "neoconnect_guadeloupe": "guadeloupe-neoconnect",
    "paris_classe_numerique": "parisclassenumerique",
    "lyceeconnecte_aquitaine": "lyceeconnecte",
    # plain forms
    "atrium_sud": "atrium-sud",
    "laclasse_lyon": "laclasse",
}


def control(path):
    requests.post(CONTROL + path, timeout=10).raise_for_status()


def school(portal, page):
    return f"https://{portal}.pronote.test/pronote/{page}"


def function_of(name):
    """The function; `ac_rennes` takes no keyword arguments, though its own client gives it one."""
    function = getattr(ent, name)
    return (lambda login, password, **_: function(login, password)) if name == "ac_rennes" else function


def all_of(act, functions):
    """Acts for every function, some at a time; the first failure counts."""
    with ThreadPoolExecutor(4) as pool:
        for outcome in [pool.submit(act, name, portal) for name, portal in functions.items()]:
            outcome.result()


def signs_in(mode, kind, page, login):
    def act(name, portal):
        function = function_of(name)
        url = school(portal, page)
        cookies = function(login, PASSWORD, pronote_url=url)
        check(len(cookies) > 0, f"{mode}: {name} returns cookies")
        client = kind(url, login, PASSWORD, ent=function)
        check(client.attributes.get("e") and client.attributes.get("f"), f"{mode}: the client after {name} reads e and f")
        check(client.logged_in and client.info.name, f"{mode}: {name} signs in as {login}")

    return act


def is_refused(mode, password):
    def act(name, portal):
        try:
            function_of(name)(PUPIL, password, pronote_url=school(portal, "eleve.html"))
        except ENTLoginError:
            return check(True, f"{mode}: {name} fails")
        raise SystemExit(f"wrong: {mode}: {name} completes")

    return act


def main():
    pupil = (pronotepy.Client, "eleve.html", PUPIL)
    guardian = (pronotepy.ParentClient, "parent.html", GUARDIAN)
    control("reset")
    control("idp?mode=legacy")
    all_of(signs_in("legacy", *pupil), {**EDUCONNECT, **OWN_FORM})
    all_of(signs_in("legacy", *guardian), {**EDUCONNECT, **OWN_FORM})
    all_of(is_refused("legacy, wrong password", "faux"), {**EDUCONNECT, **OWN_FORM})
    control("idp?mode=legacy-2")
    all_of(signs_in("legacy-2", *pupil), EDUCONNECT)
    all_of(signs_in("legacy-2", *guardian), EDUCONNECT)
    # The released client sends neither the token nor the profile.
    for mode in ("current", "one-page", "filtered"):
        control(f"idp?mode={mode}")
        all_of(is_refused(mode, PASSWORD), EDUCONNECT)


main()
