"""Languages as media files write them, and as Whisper does: "deu", "ger", "de-AT" are all "de".

Of each its two letters, its codes in ISO 639-2 (of two sets, which Matroska and MP4 both use), and
its names in English. They are those that Whisper knows, and Irish.
"""

import difflib
import re
from typing import Annotated

from pydantic import AfterValidator

_LANGUAGES = """
af:afr:afrikaans am:amh:amharic ar:ara:arabic as:asm:assamese az:aze:azerbaijani ba:bak:bashkir
be:bel:belarusian bg:bul:bulgarian bn:ben:bengali,bangla bo:bod,tib:tibetan br:bre:breton
bs:bos:bosnian ca:cat:catalan,valencian cs:ces,cze:czech cy:cym,wel:welsh da:dan:danish
de:deu,ger:german el:ell,gre:greek en:eng:english es:spa:spanish,castilian et:est:estonian
eu:eus,baq:basque fa:fas,per:persian,farsi fi:fin:finnish fo:fao:faroese fr:fra,fre:french
ga:gle:irish gl:glg:galician gu:guj:gujarati ha:hau:hausa haw:haw:hawaiian he:heb:hebrew
hi:hin:hindi hr:hrv:croatian ht:hat:haitian hu:hun:hungarian hy:hye,arm:armenian id:ind:indonesian
is:isl,ice:icelandic it:ita:italian ja:jpn:japanese jw:jav,jv:javanese ka:kat,geo:georgian
kk:kaz:kazakh km:khm:khmer kn:kan:kannada ko:kor:korean la:lat:latin
lb:ltz:luxembourgish,letzeburgesch ln:lin:lingala lo:lao:lao lt:lit:lithuanian lv:lav,lvs:latvian
mg:mlg:malagasy mi:mri,mao:maori mk:mkd,mac:macedonian ml:mal:malayalam mn:mon:mongolian
mr:mar:marathi ms:msa,may:malay mt:mlt:maltese my:mya,bur:burmese,myanmar ne:nep:nepali
nl:nld,dut:dutch,flemish nn:nno:nynorsk no:nor,nob,nb:norwegian oc:oci:occitan
pa:pan:punjabi,panjabi pl:pol:polish ps:pus:pashto,pushto pt:por:portuguese
ro:ron,rum:romanian,moldavian,moldovan ru:rus:russian sa:san:sanskrit sd:snd:sindhi
si:sin:sinhala,sinhalese sk:slk,slo:slovak sl:slv:slovenian,slovene sn:sna:shona so:som:somali
sq:sqi,alb:albanian sr:srp:serbian su:sun:sundanese sv:swe:swedish sw:swa:swahili ta:tam:tamil
te:tel:telugu tg:tgk:tajik th:tha:thai tk:tuk:turkmen tl:tgl,fil:tagalog,filipino tr:tur:turkish
tt:tat:tatar uk:ukr:ukrainian ur:urd:urdu uz:uzb:uzbek vi:vie:vietnamese yi:yid:yiddish
yo:yor:yoruba yue:yue:cantonese zh:zho,chi,cmn:chinese,mandarin
"""
_ROWS = [row.split(":") for row in _LANGUAGES.split()]
_TWO = {code: two for two, codes, _ in _ROWS for code in codes.split(",")}
_OWN = {codes[:3]: two for two, codes, _ in _ROWS}  # how most languages call themselves begins so
_NAMED = {name: two for two, _, names in _ROWS for name in names.split(",")}
KNOWN = frozenset(_NAMED.values())  # the languages, by their two letters


def code(language: str) -> str:
    """The two-letter code of a language tag, or what stands before its first hyphen."""
    first = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return _TWO.get(first, first)


def known(language: str) -> str:
    """The two-letter code of a language; raises ValueError, with the one that a name means."""
    found = code(language)
    if found in KNOWN:
        return found
    words = language.lower().split() or [""]
    near = difflib.get_close_matches(words[0], _NAMED, 1, 0.8)
    own = [name for name, two in _NAMED.items() if two == _OWN.get(words[0][:3])]
    meant = next(iter([*filter(_NAMED.get, words), *own, *near]), "")
    hint = f'; did you mean "{_NAMED[meant]}", {meant.capitalize()}?' if meant else ""
    raise ValueError(f'should be a language code like "en"{hint}')


Language = Annotated[str, AfterValidator(known)]
