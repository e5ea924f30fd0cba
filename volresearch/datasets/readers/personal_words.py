"""Words by which headers and questions say that a column identifies persons, in the languages of the field.

A header is folded first: small letters, no accents of Latin letters, one space between words. Languages that are
written without spaces are looked for anywhere in it.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["folded", "is_of_persons", "kind_of_header", "kind_of_label", "names_somebody"]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAPS = re.compile(
    r"""[\s_\-./\\:;,!?¿¡()\[\]{}'"’‘“”«»|#*+=<>&，。？：；、（）…]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)"""
)
_ACCENTS = re.compile("[\u0300-\u036f]")

#: Kind -> words with spaces between them, and words of scripts without spaces. The first kind that fits counts.
_WORDS: dict[str, tuple[str, str]] = {
    "email": (
        r"e ?mails?(?: ?addr(?:ess)?)?|mail|correos?(?: ?e(?:lectronico)?s?)?|courriels?|adresse (?:e ?mail|electronique)"
        r"|endereco (?:eletronico|de e ?mail)|barua pepe|surel",
        "电子邮件|电子邮箱|邮箱|电邮|電子郵件|メール|이메일|អ៊ីមែល|البريد|почта|ईमेल",
    ),
    "device": (
        r"device ?ids?|imei|(?:sim|subscriber) ?(?:id|serial)(?: ?(?:no|num(?:ber)?))?|simserial|device serial(?: ?number)?"
        r"|(?:mac|ip) ?addr(?:ess)?|ipaddr(?:ess)?|ip|direccion ip|adresse (?:ip|mac)|user ?agent|android ?id|advertising ?id",
        "设备号|设备标识|设备ID",
    ),
    "phone": (
        r"(?:tele|smart)?phones?(?: ?(?:number|numero|no|num))?|phonenumber|telefonos?|telephones?|telefones?|telefonnummer|telefon"
        r"|celular(?:es)?|moviles|movil|mobiles?(?: ?(?:number|numero|no|num|phone))?|cell(?: ?(?:phone|number|no))?|cellulaires?"
        r"|whats ?app|tel|tlf|msisdn|handynummer|contact ?(?:number|no|num)|(?:numero|no) (?:de )?contacto?|telemovel"
        r"|(?:nambari ya )?simu|(?:nomor|no) ?(?:hp|telepon|telpon)|dien thoai|đien thoai|sdt",
        "电话|手机|電話|手機|联系方式|휴대폰|ទូរស័ព្ទ|ទូរសព្ទ|هاتف|جوال|телефон|फ़ोन|फोन|मोबाइल",
    ),
    "position": (
        r"gps|geo ?(?:point|trace|shape|location|tag)|geolocalizacion|geolocalisation|coord(?:inates?|enadas?|onnees)?"
        r"|latitude?|longitude?|lat|lon|lng|gpslat|gpslon|localisation gps|ubicacion gps"
        r"|coord ?[xyz]|[xy] ?coord(?:inates?)?|utm(?: ?[xyen])?|eastings?|northings?",
        "经度|纬度|坐标|定位|座標|緯度|經度|координаты|широта|долгота|إحداثيات",
    ),
    "national_id": (
        r"national ?ids?(?: ?(?:number|no|card))?|nid|id (?:card|number|no|document)|identity (?:card|number|document)|dni|nie|cedula"
        r"|carnet de identidad|curp|passports?(?: ?(?:number|no))?|pasaportes?|passeports?|passaporte|ssn|social security(?: number)?"
        r"|seguridad social|securite sociale|cpf|aadhaar|nik|nida|doc(?:umento)? (?:de )?ident(?:idad|idade)?|(?:numero|num|nro|n) (?:de |del )?doc(?:umento)?"
        r"|carte (?:nationale )?d identite|cni|voter ?(?:id|card)|driv(?:er|ing) licen[cs]e|licencia de conducir|permis de conduire",
        "身份证|身分證|护照|護照|证件号|паспорт|جواز السفر|بطاقة الهوية|រដ្ឋធម្មនុញ្ញ|អត្តសញ្ញាណប័ណ្ណ",
    ),
    "birth": (
        r"dob|birth ?(?:date|day)|birthdate|date ?(?:of )?birth|(?:fecha|fec|f) ?(?:de )?nac(?:imiento)?|date ?(?:de )?naiss(?:ance)?"
        r"|data ?(?:de )?nasc(?:imento)?|geburtsdatum|tanggal lahir|tarehe ya kuzaliwa|ngay sinh|cumpleanos",
        "出生日期|出生年月日|生日|дата рождения|تاريخ الميلاد|ថ្ងៃខែឆ្នាំកំណើត",
    ),
    "identifier": (
        r"iban|bank ?acc(?:ount|t)?(?: ?(?:number|no))?|account ?(?:number|no)|cuenta bancaria|numero de cuenta|compte bancaire"
        r"|(?:facebook|instagram|twitter|telegram|wechat|skype|linkedin)(?: ?(?:id|name|handle|account|profile|link|url))?"
        r"|recipient|external (?:data )?reference|survey identifier",
        "银行账号|银行卡号|微信号|微信",
    ),
    "audit": (r"(?:meta )?audit(?: url)?", ""),
    "address": (
        r"(?:(?:home|street|postal|mailing|residential|full|physical|exact) )?address(?:es)?|direccion(?:es)?|domicilio|adresses?"
        r"|endereco|morada|anwani|alamat|dia chi|đia chi|(?:calle|rue|street) (?:y|et|and) (?:numero|number)",
        "地址|住址|住所|адрес|អាសយដ្ឋាន",
    ),
}  # fmt: skip
#: Addresses of other things.
_NO_ADDRESS = re.compile(
    r"(?:web|site|url|internet|pagina) |(?:web|url|site)\Z|direccion (?:general|regional|nacional|de la)"
)


#: A question for where somebody lives, not one that addresses something.
_ASKS_ADDRESS = re.compile(
    r"(?:your|their|his|her|home|street|postal|mailing|residential|full|exact|su|tu|sua|votre|son) (?:[a-z]+ )?"
    r"(?:address|direccion|adresse|domicilio|endereco|morada)|(?:direccion|adresse|address) (?:exacta|exacte|completa|complete)"
)


def _regex(words: tuple[str, str]) -> re.Pattern[str]:
    spaced, unspaced = words
    whole = rf"(?<![^ ])(?:{spaced})(?![^ ])"
    return re.compile(f"{whole}|{unspaced}" if unspaced else whole)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KINDS = {kind: _regex(words) for kind, words in _WORDS.items()}
_ANY = re.compile("|".join(f"(?:{one.pattern})" for one in _KINDS.values()))

_PEOPLE = (
    r"enumerators?|interviewers?|surveyors?|data collectors?|encuestador(?:a|es|as)?|entrevistador(?:a|es|as)?|enqueteurs?|enquetrices?"
    r"|pesquisador(?:a|es)?|field ?workers?|moderators?|submitted by|user ?names?|usuario|nombre de usuario|nom d utilisateur|utilisateur|user"
)
_FILLER = r"name|names|id|ids|code|no|number|num|initials|of|the|nombre|nombres|apellidos?|del|de|la|el|los|codigo|nom|l|du|et|prenom|y|full|first|last|and|q|your|su|votre|a"
#: The whole header speaks of who asked, not of what that person found or is.
_USER = re.compile(
    rf"(?:(?:{_FILLER}|\d+) )*(?:{_PEOPLE})(?: (?:{_FILLER}|\d+))*|(?:调查员|访员|访问员|調查員|督导)(?:姓名|编号|代码)?|用户名"
)

#: Somebody who works for the study, where the cells are names; else it may be a question of its own.
_LEADING = re.compile(
    rf"(?:(?:{_FILLER}|\d+) )*(?:{_PEOPLE}|supervisor(?:a|es|as|s)?|superviseurs?|team ?leaders?|jefe de equipo|chef d equipe)"
    rf"(?: (?:{_FILLER}|responsable|a cargo|in charge|\d+))*|(?:interviewed|collected|recorded|surveyed) by|督导|调查员"
)
_TIMES = re.compile(
    r"(?:start|end|begin|finish|submission|submit|completion|recorded|received)(?: ?(?:time|date|stamp|at|on))*|datestamp|time ?stamp"
    r"|(?:\w+ )*timestamp|(?:date|time) (?:created|modified|submitted|started|completed)|(?:created|updated|submitted|completed) at"
)  # fmt: skip

_STRONG = re.compile(
    r"(?<![^ ])(?:(?:sur|last|family|first|fore|given|middle|full|maiden|nick) ?names?|apellidos?|prenoms?|sobrenomes?"
    r"|nombres? (?:y|e) apellidos?|nombres? completos?|noms? (?:et|complet)|nome completo|[fl] ?name|vorname|nachname|nama lengkap"
    r"|ho (?:va )?ten|jina kamili)(?![^ ])|姓名|氏名|성명|фамилия|фио|ឈ្មោះពេញ|नाम और|الاسم الكامل"
)  # fmt: skip
_UNSPACED = re.compile(r"\A[姓名]\Z|名字|名前|이름|имя|الاسم|ឈ្មោះ|ชื่อ|नाम")
_NOT_OF_PERSONS = re.compile(
    "组织|機構|机构|公司|学校|国家|单位|项目|村|市|县|省|品牌|团体|协会|产品|活动|منظمة|مؤسسة|شركة|قرية|مدرسة|អង្គការ|សាលា|ភូមិ|ខេត្ត|ស្រុក|ឃុំ|ក្រុង|សង្កាត់|क्रम|संस्था|गाँव|школ|организац|деревн"
)
_WEAK = _set("name names nombre nombres nom noms nome nomes naam namn jina majina nama")
_OF = _set("of de del des du da do das dos the la el los las le les this that your su sus tu votre a an all each every main primary l d")  # fmt: skip
_BARE_BEFORE = _set(
    "full what whats is the your his her their please enter write record provide state give type print su sus tu cual es el votre quel est "
    "le son sa indique escriba anote ingrese indiquez ecrivez seu sua qual q question pregunta"
)
_BARE_AFTER = _set("and y et e or o ou in as please optional age sex gender phone telephone telefono signature date surname initials edad sexo")  # fmt: skip
_PERSONS = _set(
    "respondent respondents person persons people participant participants member members volunteer volunteers child children kid baby son "
    "daughter mother father parent spouse husband wife head hhh hh household contact beneficiary patient student pupil teacher worker employee "
    "staff client customer chief leader director manager coordinator president owner farmer informant interviewee guardian caregiver friend "
    "relative supervisor signer candidate applicant self owner recipient encuestado encuestada entrevistado entrevistada persona personas participante "
    "participantes miembro voluntario voluntaria voluntarios nino nina ninos hijo hija hijos madre padre esposo esposa conyuge jefe jefa hogar "
    "contacto beneficiario beneficiaria paciente estudiante alumno docente profesor profesora trabajador empleado lider dirigente coordinador "
    "presidente dueno propietario agricultor informante familiar amigo firmante repondant repondante personne personnes participante membre "
    "benevole benevoles volontaire enfant enfants fils fille mere pere epoux epouse mari femme chef menage beneficiaire eleve etudiant "
    "enseignant travailleur employe responsable directeur proprietaire agriculteur informateur tuteur ami pessoa crianca filho filha mae pai "
    "responden mtu mtoto"
)
_PERSONS_UNSPACED = _set("受访者 被访者 受訪者 被访人 户主 父亲 母亲 配偶 联系人 志愿者 المستجيب អ្នកឆ្លើយ")
_THINGS = _set(
    "organization organizations organisation organisations organizacion organizaciones organizacao org orgs ngo ngos ong ongs cbo agency company firm "
    "business enterprise employer institution institute association associations group groups club cooperative federation network party church school "
    "university college class faculty hospital clinic facility center centre country countries nation region province state district county city town "
    "village commune ward municipality department area place location site street zone camp settlement community neighborhood neighbourhood parish "
    "river lake water market road file form sheet table column variable field dataset survey project program programme activity event course training "
    "campaign initiative fund donor brand product item drug medicine plan service crop plant tree animal pet species breed food game book title movie "
    "app website domain language dialect ethnic religion tool model team league bank job occupation position role unit module section question host "
    "server official currency common scientific type category level label day month holiday disease vaccine variety station port base empresa negocio institucion asociacion grupo red "
    "partido iglesia escuela colegio universidad centro establecimiento pais provincia estado distrito ciudad pueblo comunidad municipio departamento "
    "barrio aldea caserio lugar zona archivo formulario proyecto programa actividad evento curso campana marca producto medicamento servicio cultivo "
    "idioma lengua equipo banco cargo puesto encuesta entreprise societe etablissement groupe federation reseau parti eglise ecole lycee universite "
    "hopital pays departement ville quartier localite lieu fichier formulaire projet activite evenement cours formation marque produit medicament "
    "culture langue equipe banque poste instituicao associacao escola universidade cidade bairro comunidade projeto produto arquivo desa sekolah "
    "shirika shule kijiji"
)


def folded(text: str) -> str:
    """Return words in small letters with one space between them, Latin letters without accents.

    >>> folded("Q1_DirecciónPostal"), folded("RecipientEmail")
    ('q 1 direccion postal', 'recipient email')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _CAMEL.sub(" ", text)))
    return _GAPS.sub(" ", unicodedata.normalize("NFC", plain).casefold()).strip()


def is_of_persons(text: str) -> str:
    """Return ``user`` where a header speaks of who works for the study, ``name`` of other persons and nothing else.

    Such a header says no more than whom the answer is about; only its cells tell whether they are names.

    >>> is_of_persons("team_leader"), is_of_persons("hh/head"), is_of_persons("children/age")
    ('user', 'name', '')
    """
    words = folded(re.split(r"[/.]", text.rstrip("/."))[-1])
    if _LEADING.fullmatch(words):
        return "user"
    tokens = [token for token in words.split() if token not in _OF and not token.isdigit()]
    known = bool(tokens) and _PERSONS.union({"hh"}).issuperset(tokens)
    return "name" if known or words in _PERSONS_UNSPACED else ""


def kind_of_header(text: str) -> str:
    """Return what a header names: a kind of `SetAside`, ``birth``, ``maybe_name``, or empty.

    Of a path such as ``children/name`` the groups count too: the name of a child, not of ``organization/name``.

    >>> kind_of_header("Teléfono móvil"), kind_of_header("organization_name"), kind_of_header("enumerator_name")
    ('phone', '', 'user')
    """
    words = folded(text)
    tail = folded(re.split(r"[/.]", text.rstrip("/."))[-1])
    if not words:
        return ""
    if _USER.fullmatch(words) or _USER.fullmatch(tail):
        return "user"
    if _TIMES.fullmatch(words) or _TIMES.fullmatch(tail):
        return "time"
    found = _kind_in(words)
    if found:
        return found
    verdict = names_somebody(words)
    return {True: "name", None: "maybe_name", False: ""}[verdict]


def kind_of_label(text: str) -> str:
    """Return what a question asks for, as `kind_of_header`; a name that may be of something else counts as none."""
    if len(text) > 400:
        return ""  # an introduction, not the name of an answer
    words = folded(text)
    if _USER.fullmatch(words):
        return "user"
    found = _kind_in(words)
    if found in {"identifier", "device", "audit"} and len(words.split()) > 6:
        found = ""  # "Do you use Telegram to ..."
    if found == "address" and len(words.split()) > 4 and not _ASKS_ADDRESS.search(words):
        found = ""
    if found:
        return found
    return "name" if names_somebody(words, sentence=True) else ""


def _kind_in(words: str) -> str:
    if not _ANY.search(words):
        return ""
    for kind, pattern in _KINDS.items():
        if pattern.search(words) and not (kind == "address" and _NO_ADDRESS.search(words)):
            return kind if kind != "audit" or pattern.fullmatch(words) else ""
    return ""


def names_somebody(words: str, *, sentence: bool = False) -> bool | None:
    """Whether folded words speak of the name of a person; None where only the content can tell.

    The noun that stands beside "name" decides: names of organizations, countries, places and things are no names
    of persons.

    >>> names_somebody("name of the respondent"), names_somebody("name of the village where the respondent lives")
    (True, False)
    >>> names_somebody("name en") is None
    True
    """
    tokens = [
        token for token in words.split() if not token.isdigit() and (len(token) > 1 or not token.isascii())
    ]
    about_things = any(token in _THINGS for token in tokens)
    if _STRONG.search(words):
        return not about_things or any(token in _PERSONS for token in tokens)
    if _UNSPACED.search(words):
        return not _NOT_OF_PERSONS.search(words)
    verdicts = [_beside(tokens, place, sentence) for place, token in enumerate(tokens) if token in _WEAK]
    if True in verdicts:
        return True
    return None if None in verdicts and not sentence else False


def _beside(tokens: list[str], place: int, sentence: bool) -> bool | None:
    """Whether the word at `place` is the name of a person, by its neighbours."""
    after = next((token for token in tokens[place + 1 :] if token not in _OF), "")
    before = tokens[place - 1] if place else ""
    after = "" if after in _BARE_AFTER else after
    before = "" if before in _BARE_BEFORE or before in _OF else before
    if after in _THINGS or before in _THINGS:
        return False
    if after in _PERSONS or before in _PERSONS or not (after or before):
        return True
    return False if sentence else None
