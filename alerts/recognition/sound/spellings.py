"""How Latin and Cyrillic letters sound to those who write names in the other ones: see `alphabets` for the notation.

These tables know more of each language than those that are compared with other scripts: silent letters at the end of
French words, English vowels, Polish and Belarusian consonants. A Latin word ends with "$". Pure.
"""

from __future__ import annotations

LATIN = """
schtsch=S chtch=S shch=S szcz=S šč=S şç=S štš=S tsch=C dsch=JC tch=C dzh=J dž=J dż=J dź=J dj=Jd ch=CSxk sch=SZ sh=S zh=Z kh=xk
gh=g- ph=f th=tzf ts=c tz=c cz=C cs=Cs sz=Ss zs=Z rz=ZrS dz=DJ cki=c.k.i cky=c.k.i ck=k dse=D.e dsi=D.i ou=u oo=u ee=i eo=oe gio=gJ.i-.o gia=gJ.i-.a giu=gJ.i-.u cia=scC.i-.a cio=scC.i-.o ciu=scC.i-.u gui=g.i gue=g.e guy=g.i qu=kg.uvw- x=kx.s-
q=kgC ce=scC.e ci=scC.i cy=sc.i ge=gJ.e gi=gJ.i gy=gJd.i- c=kscJC ç=CsS č=C ć=C š=S ś=S ş=S ș=S ž=Z ź=Z ż=Z ğ=g- j=iJZx- w=vw v=v
ng=n.g- nge=n.gJ.e ngi=n.gJ.i ngy=n.gJd.i- h=hx- s=szS z=zcSZ ß=s ya=i-.a yu=i-.u ye=i-.e yo=i-.o y=iu ł=lw l=l ļ=l m=m n=n ñ=n ń=n ň=n ņ=n r=r ř=rZ t=t ţ=c ț=c ť=t d=d đ=dJ ď=d ð=dzt þ=tsz f=f g=g ģ=gd
b=b p=p k=k ķ=kt ae=ea oe=oeu ue=ui a=a ą=oa.n- å=ao æ=e ä=ea ă=a â=ai î=i ə=ea e=e ę=e.n- ě=e i=i ı=i o=o ó=ou ö=eo õ=oei ő=eo ø=eo u=u ü=ui ű=ui œ=e
au=oa.u- ai=ae.i- ay=ae.i- ey=ei.i- eu=oe.ui- äu=oe.iu- äü=oe.iu- oi=ou.ia ie=ie.e- io=oi.o- ia=ai.a- iu=ui.u- ace=a.scC.e- ice=i.scC.e- ace$=a.sc.e- ice$=i.sc.e- ea=ei.a- eau=oe yı=i-.i yi=i-.i oî=ou.ia oît$=ou.ia.t- ei=ea.i drz=dJ.ZrS- cie=scC.ie.e- vo=vf.o rž=rZ.Z- ther=tzdf.e.r oʻ=ou gʻ=gh o'=ou g'=gh woo=vw-.u sj=S.i- gn=g-.n wh=vw wr=w-.r wrz=vw.ZS guil=g.i.li- esn=e.s-.n alk=oa.l-.k geo=gJ.e.o- zsch=CSZ kn=k-.n dge=J.e- ddh=d sce=Ss.c-.e sci=Ss.c-.i- scia=S.i-.a scio=S.i-.o gli=g-.l.i-
igh=a.i.g- eigh=ei.i.g- augh=oa.u-.g- ough=oa.u-.g- wha=vw.oa tion=SCtc.i-.o-.n lh=l.h- nh=n.h- ão=a.uon-
e$=e- es$=e-.szS ce$=sc.e- ge$=gJ.e- nge$=n.gJ.e- dge$=J.e- ues$=u-.s ques$=k.s- que$=k.e- quet$=k.e.t- gue$=g.e- ie$=i.e- ye$=iu.e- oe$=oeu.- ee$=ie
ault$=o.l-.t- aut$=oa.u-.t- aud$=oa.u-.d- aux$=oa.u-.ks- eaux$=oe.ks- eault$=oe.l-.t- et$=e.t- ot$=oa.t- at$=a.t- ert$=e.r.t- art$=a.r.t- ort$=o.r.t- ant$=ao.n.t- ent$=ea.n.t- and$=ae.n.d- ond$=o.n.d-
ard$=a.r.d- ord$=o.r.d- ois$=ou.ia.sS- oix$=ou.ia.k-.s- oit$=ou.ia.t- oys$=ou.ia.s- ais$=ae.i-.sS- ier$=ie.e-.r- gier$=gJ.ie.e-.r- cier$=sc.ie.e-.r- eile$=ea.li-.e- yer$=i-.e.r- ger$=gJ.e.r- cher$=CSk.e.r- amps$=a.n.p-.s- amp$=a.mn.p- gy$=gJd.i- ny$=n.i- ly$=l.i- ow$=ou.vw-
"""
CYRILLIC = """
а=a б=b в=vw г=gh ґ=g ғ=g д=d дж=J дз=Dd е=e є=e ё=oe ж=ZJ з=z и=i і=i ї=i й=i ј=i к=k қ=k л=l љ=l м=m н=n њ=n ң=n о=o ө=oe п=p р=r
с=s т=t тс=c ћ=C у=uw ў=wuv ұ=u ү=ui ф=f х=xh ц=c ч=C џ=J ђ=J ш=S щ=S ъ=a- ь= ы=i э=ea ю=i-.u я=i-.a ә=ae һ=h- нг=n.g-
ай=ai.i- эй=ea.i- ей=ea.i- ой=oe.i оу=o.u- ау=a.uw- йо=i-.oe йе=i-.e ьо=oe ја=i-.a је=i-.e ју=i-.u јо=i-.oe ја=i-.a ці=ct.i ця=ct.i-.a цё=ct.oe цю=ct.i-.u ць=ct шч=S сч=Ss.C- рж=rZ.ZJ- рш=r.S- рз=rZ.z- це=ct.e
"""
