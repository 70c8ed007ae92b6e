"""The endings of domains. Pure."""

from __future__ import annotations

from alerts.recognition.tables import listed

# The usual endings of domains that are also written with capital letters. The others, which may be words after a full
# stop without a space, count only in small letters: "Acme.Taxi" is a product.
PLAIN = frozenset(listed("app by com de dev eu gov info io kz me net org ru su ua uk рф"))
TOPS = frozenset(
    listed(
        "academy agency ai apk art asia associates auction audio baby bank bar beer best bet bid bike biz black blog blue boutique build business"
        " buzz cafe camera capital care casa cash casino cat center chat cheap church city claims click clinic cloud club coach codes coffee community"
        " company computer consulting cool coupons credit cricket crypto date deals delivery design digital direct directory discount doctor dog domains"
        " download earth education email energy engineer enterprises estate eth events exchange expert express faith fan farm fashion finance financial fit"
        " fitness flights football foundation fun fund fyi games gallery gift gifts global gmbh gold group guide guru health help host hosting house"
        " icu immo inc ink institute international investments jobs kim land law lawyer legal life limited link live llc loan loans lol love ltd"
        " management market marketing media mobi moe money monster name navy network news ninja observer one onion online page parts party photo photos"
        " pics pictures pink pizza plus porn press pro productions promo properties pub quest racing recipes red rent report rest restaurant review"
        " reviews rip rocks run sale school science services sex shop show site ski social software solutions space store stream studio style"
        " support surf systems tattoo tax taxi team tech technology tel tips today tools top tours town toys trade trading training travel tv"
        " university uno vacations ventures vet video vin vip vision vote wang watch webcam website wiki win wine work works world wtf xxx xyz"
        " example invalid localhost zone онлайн сайт рус дети москва орг ком бел укр қаз"
    )
)
# Countries whose codes are words, with which the beginning of a sentence is glued to the end of another one.
WORDS = frozenset(listed("am as at be by do go in is it la my no of on or so to up us we"))
