"""Languages as media files write them, and as Whisper does: "deu", "ger", "de-AT" are all "de".

ISO 639-2 has two sets of three-letter codes (Matroska and MP4 use both); here are those of the
languages that Whisper knows and whose codes are not their two-letter code plus a letter.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

_CODES = """
sq:alb bn:ben be:bel bs:bos my:mya,bur zh:zho,chi,cmn cs:ces,cze cy:cym,wel de:deu,ger el:ell,gre
en:eng es:spa et:est eu:eus,baq fa:fas,per fr:fra,fre ga:gle gl:glg he:heb hy:hye,arm id:ind
is:isl,ice it:ita ja:jpn jw:jav ka:kat,geo kk:kaz km:khm ko:kor lo:lao lt:lit lv:lav,lvs mi:mri,mao
mk:mkd,mac ml:mal mn:mon mr:mar ms:msa,may mt:mlt nl:nld,dut nn:nno no:nor,nob,nb pa:pan pl:pol
ps:pus pt:por ro:ron,rum sd:snd si:sin sk:slk,slo sl:slv sn:sna sr:srp su:sun sv:swe sw:swa ta:tam
te:tel tg:tgk th:tha tk:tuk tl:tgl,fil tr:tur tt:tat uk:ukr ur:urd uz:uzb vi:vie yi:yid yo:yor
af:afr am:amh ar:ara as:asm az:aze bg:bul bo:bod,tib br:bre ca:cat da:dan fi:fin fo:fao gu:guj
ha:hau hi:hin hr:hrv ht:hat hu:hun la:lat lb:ltz mg:mlg ne:nep oc:oci ru:rus sa:san so:som sq:sqi
"""
_TWO = {
    three: two
    for two, threes in (pair.split(":") for pair in _CODES.split())
    for three in threes.split(",")
}


KNOWN = frozenset(_TWO.values())  # the languages, by their two letters
_ALONE = frozenset({"ba", "haw", "kn", "ln", "yue"})  # Whisper's too, and in no media file's way


def code(language: str) -> str:
    """The two-letter code of a language tag, or what stands before its first hyphen."""
    first = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return _TWO.get(first, first)


def known(language: str) -> str:
    """The two-letter code of a language; raises ValueError, with the one that a name means."""
    found = code(language)
    if found in KNOWN | _ALONE:
        return found
    meant = _TWO.get(language.strip().lower()[:3], "")  # "English", "Deutsch"
    hint = f'; did you mean "{meant}"?' if meant else ""
    raise ValueError(f'should be a language code like "en"{hint}')


Language = Annotated[str, AfterValidator(known)]
