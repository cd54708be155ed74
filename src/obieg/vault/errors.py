"""What can go wrong with credentials; no message ever holds a secret."""

from obieg.core.errors import Transient, UserFixable


class NoCredential(UserFixable):
    """Neither the client nor the office has a credential for this environment."""

    code = "vault.no_credential"
    message_pl = (
        "Klient {client} nie ma poświadczenia do środowiska {environment} i biuro też go nie ma. "
        "Dodaj token albo certyfikat w Poświadczeniach."
    )


class ChosenMissing(NoCredential):
    """What was chosen for the client is not there, and nothing else may be used."""

    code = "vault.chosen_missing"
    message_pl = (
        "Dla klienta {client} wybrano „{way}”, a takiego poświadczenia nie ma w środowisku "
        "{environment}. Dodaj je albo zmień wybór na stronie Poświadczenia klienta."
    )


class OperatorsOwn(UserFixable):
    """The credential is an operator's own: nobody else may use it, nor work in the background."""

    code = "vault.operators_own"
    message_pl = (
        "„{label}” to własne poświadczenie operatora ({operator}). Użyć go może tylko on sam; "
        "inni mogą je tylko wycofać i zniszczyć."
    )


class CredentialWithdrawn(UserFixable):
    """The credential was replaced or withdrawn: nothing may use it any more."""

    code = "vault.credential_withdrawn"
    message_pl = "Poświadczenie „{label}” zostało wycofane. Użyj tego, które je zastąpiło."


class CertificateExpired(UserFixable):
    """The certificate is past its last day."""

    code = "vault.certificate_expired"
    message_pl = "Certyfikat „{label}” wygasł {valid_to:%d.%m.%Y}. Odnów go w Poświadczeniach."


class CertificateNotYetValid(UserFixable):
    """The certificate's first day has not come."""

    code = "vault.certificate_not_yet_valid"
    message_pl = (
        "Certyfikat „{label}” będzie ważny dopiero od {valid_from:%d.%m.%Y}. "
        "Dodaj go tego dnia albo użyj innego."
    )


class CertificateUnreadable(UserFixable):
    """The file holds no X.509 certificate in PEM, DER or PKCS#12."""

    code = "vault.certificate_unreadable"
    message_pl = (
        "Nie udało się odczytać certyfikatu. Podaj plik PEM, DER (.crt, .cer) albo PKCS#12 "
        "(.p12, .pfx)."
    )


class KeyUnreadable(UserFixable):
    """The file holds no private key in PEM, DER or PKCS#12."""

    code = "vault.key_unreadable"
    message_pl = (
        "Nie udało się odczytać klucza prywatnego. Podaj plik PEM, DER (.key) albo PKCS#12 "
        "(.p12, .pfx)."
    )


class PasswordNeeded(UserFixable):
    """The private key is encrypted and no password was given."""

    code = "vault.password_needed"
    message_pl = "Klucz prywatny jest chroniony hasłem. Podaj hasło."


class PasswordWrong(UserFixable):
    """The password does not open the private key, or the file is damaged."""

    code = "vault.password_wrong"
    message_pl = "Hasło nie otwiera klucza prywatnego albo plik jest uszkodzony. Sprawdź hasło."


class KeyMismatch(UserFixable):
    """The private key does not belong to the certificate."""

    code = "vault.key_mismatch"
    message_pl = "Klucz prywatny nie pasuje do certyfikatu. Wskaż klucz z tej samej pary."


class KeyTooWeak(UserFixable):
    """KSeF takes RSA of at least 2048 bits and elliptic curves of at least 256."""

    code = "vault.key_too_weak"
    message_pl = "Ten rodzaj klucza ({kind}) nie jest przyjmowany przez KSeF. Wystaw mocniejszy."


class TokenMalformed(UserFixable):
    """The text cannot be a KSeF token."""

    code = "vault.token_malformed"
    message_pl = "To nie wygląda na token KSeF. Skopiuj go w całości, bez spacji i nowych wierszy."


class SecretTampered(UserFixable):
    """The ciphertext, its key or its binding was changed since it was sealed."""

    code = "vault.secret_tampered"
    message_pl = (
        "Zaszyfrowane dane w bazie zostały zmienione albo należą do innego klienta. "
        "Powiadom administratora; poświadczenie trzeba dodać ponownie."
    )


class OtherMasterKey(UserFixable):
    """The secret was sealed under a master key that this installation does not have."""

    code = "vault.other_master_key"
    message_pl = (
        "Dane zaszyfrowano innym kluczem głównym ({sealed_under}) niż obecny ({present}). "
        "Przywróć właściwy klucz główny."
    )


class MasterKeyMalformed(UserFixable):
    """The master key is not 64 hexadecimal digits."""

    code = "vault.master_key_malformed"
    message_pl = "Klucz główny w {source} powinien mieć 64 cyfry szesnastkowe."


class MasterKeyMissing(UserFixable):
    """The named file of the master key is not there or cannot be read."""

    code = "vault.master_key_missing"
    message_pl = (
        "Nie można odczytać pliku klucza głównego {path}. Przywróć plik albo prawa do niego."
    )


class MasterKeyExposed(UserFixable):
    """Others than the owner may read or change the file of the master key."""

    code = "vault.master_key_exposed"
    message_pl = (
        "Plik klucza głównego {path} jest dostępny dla innych użytkowników (prawa {mode}). "
        "Ustaw prawa 0600 i rozważ wymianę klucza."
    )


class NotOffline(UserFixable):
    """The certificate is not one of KSeF's type Offline."""

    code = "vault.not_offline"
    message_pl = (
        "To nie jest certyfikat KSeF typu Offline. Certyfikat do logowania nie może podpisywać "
        "kodów QR; zamów w KSeF certyfikat typu Offline i wskaż jego plik."
    )


class NoOfflineCertificate(UserFixable):
    """Neither the client nor the office has a certificate of type Offline."""

    code = "vault.no_offline_certificate"
    message_pl = (
        "Klient {client} nie ma certyfikatu Offline w środowisku {environment}, a bez niego nie "
        "da się wystawić faktury w trybie offline (kod QR „CERTYFIKAT”). Zamów go na stronie "
        "klienta: Certyfikat Offline."
    )


class SignatureNeeded(UserFixable):
    """The access signed outside has ended, and there is no key here to sign for another."""

    code = "vault.signature_needed"
    message_pl = (
        "Dostęp „{label}” podpisano poza Obiegiem i już się skończył. Pobierz nowe żądanie na "
        "stronie Poświadczenia klienta, podpisz je i wczytaj."
    )


class CredentialShredded(UserFixable):
    """The secret was overwritten: only what is public about it is left."""

    code = "vault.credential_shredded"
    message_pl = "Poświadczenie „{label}” zostało zniszczone i niczego już nie otworzy."


class CredentialInUse(UserFixable):
    """What is in use is not shredded; something has to take its place first."""

    code = "vault.credential_in_use"
    message_pl = (
        "Poświadczenie „{label}” jest w użyciu. Najpierw przejdź na inne albo zakończ współpracę."
    )


class MasterKeyCommandFailed(UserFixable):
    """The command that should give the master key did not; what it wrote is shown nowhere."""

    code = "vault.master_key_command_failed"
    message_pl = (
        "Polecenie z OBIEG_MASTER_KEY_COMMAND ({program}) nie podało klucza głównego: {reason}. "
        "Sprawdź je i dostęp do systemu, w którym jest klucz."
    )


class RotationUnderWay(UserFixable):
    """Another change of the master key is not finished."""

    code = "vault.rotation_under_way"
    message_pl = (
        "Trwa już wymiana klucza głównego z {old} na {new}. Dokończ ją tym samym plikiem nowego "
        "klucza, potem zacznij następną."
    )


class RotationUnfinished(UserFixable):
    """The present key is not yet the new one, or there is nothing to finish."""

    code = "vault.rotation_unfinished"
    message_pl = (
        "Nie można zakończyć wymiany: obecny klucz główny to {present}. Ustaw nowy klucz, uruchom "
        "Obieg ponownie i powtórz polecenie."
    )


class SealedBroken(UserFixable):
    """Rows that do not open with their binding: changed, moved, or sealed under a lost key."""

    code = "vault.sealed_broken"
    message_pl = (
        "Nie otwierają się pod nowym kluczem: {rows}. Stary klucz zostaje, dopóki tak jest. "
        "Poświadczenie dodaj ponownie, a dawne zniszcz na stronie Poświadczenia klienta; hasła "
        "i klucze ustaw ponownie tam, gdzie się je podaje. Potem powtórz polecenie."
    )


class SealedUnknown(UserFixable):
    """A table holds sealed data that the rotation does not know how to open: a programming gap."""

    code = "vault.sealed_unknown"
    message_pl = "Wymiana klucza nie zna zaszyfrowanych danych w {tables}. Zgłoś to producentowi."


class TokenCannotEnrol(UserFixable):
    """KSeF gives certificates only to who logged in by a signature."""

    code = "vault.token_cannot_enrol"
    message_pl = (
        "KSeF wydaje certyfikaty tylko temu, kto loguje się podpisem, a klient {client} "
        "korzysta z tokena. Podpisz dostęp poza Obiegiem (strona Poświadczenia klienta) albo dodaj "
        "certyfikat klienta lub biura."
    )


class TokenCannotGenerate(UserFixable):
    """KSeF makes tokens only for who logged in by a signature."""

    code = "vault.token_cannot_generate"
    message_pl = (
        "KSeF wydaje tokeny tylko temu, kto loguje się podpisem, a klient {client} korzysta z "
        "tokena. Podpisz dostęp poza Obiegiem (strona Poświadczenia klienta) albo dodaj certyfikat "
        "klienta, biura lub własny."
    )


class TokenNotNeeded(UserFixable):
    """The client has a certificate, which is better than any token."""

    code = "vault.token_not_needed"
    message_pl = (
        "Klient {client} ma własny certyfikat, więc Obieg nie potrzebuje tokena. Token możesz "
        "wygenerować dla innego programu."
    )


class TokenAskedAlready(UserFixable):
    """The same form was sent again: one token is enough."""

    code = "vault.token_asked_already"
    message_pl = "Ten formularz już wysłano. Zobacz, co z niego wyszło, i w razie potrzeby powtórz."


class TokenAnswerLost(Transient):
    """KSeF may have made the token, and nobody received it."""

    code = "vault.token_answer_lost"
    message_pl = (
        "Odpowiedź KSeF nie dotarła, a token mógł powstać. Za dwie minuty Obieg poszuka go po "
        "opisie i unieważni; potem możesz zlecić następny."
    )


class TokenUnfindable(UserFixable):
    """Nothing that is here lists the tokens of the one who asked for this one."""

    code = "vault.token_unfindable"
    message_pl = (
        "Token mógł powstać, a dostęp „{label}”, którym o niego poproszono, już go nie pokaże. "
        "Użyj poświadczenia z uprawnieniem CredentialsManage albo unieważnij go w KSeF: opis "
        "zawiera „{mark}”."
    )


class EnrolmentUnderWay(UserFixable):
    """One request at a time."""

    code = "vault.enrolment_under_way"
    message_pl = "Wniosek o certyfikat jest już w toku. Poczekaj na odpowiedź KSeF."


class OfficeCertificate(UserFixable):
    """The client logs in with the office's certificate: the new one would be the office's too."""

    code = "vault.office_certificate"
    message_pl = (
        "Klient {client} korzysta z certyfikatu biura, więc także certyfikat Offline będzie "
        "certyfikatem biura. Zamówić może go tylko osoba, która widzi wszystkich klientów."
    )


class NoOfficeCertificate(UserFixable):
    """The office has no certificate of its own for the environment, or it has ended."""

    code = "vault.no_office_certificate"
    message_pl = (
        "Biuro nie ma ważnego certyfikatu w środowisku {environment}. Dodaj go w „Certyfikat "
        "biura”."
    )


class RequestForeign(UserFixable):
    """The signed document is not the AuthTokenRequest of this client."""

    code = "vault.request_foreign"
    message_pl = (
        "To nie jest podpisane żądanie dostępu klienta o NIP {nip} ({reason}). Pobierz żądanie, "
        "podpisz je podpisem XAdES (otoczonym) i wczytaj podpisany plik XML."
    )
