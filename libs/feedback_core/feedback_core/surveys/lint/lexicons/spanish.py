"""Spanish: words by which faults are found. Written by hand, after the English ones."""

from typing import Final

from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import phrases, several

_PRAISE: Final = """
    fantástico|fantástica|fantásticos|fantásticas
    maravilloso|maravillosa|maravillosos|maravillosas
    increíble|increíbles
    excelente|excelentes
    extraordinario|extraordinaria
    estupendo|estupenda
    genial|geniales
    magnífico|magnífica
    delicioso|deliciosa|deliciosos|deliciosas
    emocionante|emocionantes
    galardonado|galardonada
    innovador|innovadora -> nuevo
    exclusivo|exclusiva
    inmejorable
    de primera clase
    de última generación -> nuevo
"""
_LOADED: Final = """
    injusto|injusta|injustos|injustas
    ridículo|ridícula
    absurdo|absurda
    indignante
    vergonzoso|vergonzosa
    desastroso|desastrosa
    terrible|terribles
    horrible|horribles
    pésimo|pésima
    incompetente|incompetentes
    perezoso|perezosa|perezosos
    codicioso|codicioso|avaro|avaros
    anticuado|anticuada|anticuados -> antiguo
    obsoleto|obsoleta -> antiguo
    molesto|molesta|molestos
    abusivo|abusiva|abusivos|abusivas
    derroche|derrochar|malgastar -> gastar
    víctima|víctimas
    engañoso|engañosa
    excesivo|excesiva|excesivos
"""
_UNITS: Final = {
    "día": 1, "días": 1, "semana": 7, "semanas": 7, "mes": 30.4, "meses": 30.4, "trimestre": 91, "año": 365,
    "años": 365, "década": 3650, "décadas": 3650,
}  # fmt: skip
_NUMBERS: Final = {
    "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "doce": 12, "varios": 3,
}  # fmt: skip

LEXICON: Final = Lexicon(
    language="es",
    leading=phrases("""
        ^ no cree|piensa|considera|opina|crees|piensas que
        ^ no es|son|fue|sería|debería|deberíamos|está|le|te _
        ^ no estaría|diría|preferiría
        , verdad|no|cierto $
        la mayoría de los|las|nuestros|nuestras clientes|personas|usuarios|gente
        como|según muchos|la|todos saben|mayoría|sabe
        todo el mundo sabe
        todos saben
        los expertos recomiendan|dicen|coinciden|aconsejan
        los estudios demuestran|muestran
        como sabe|sabrá|sabes
        seguramente
        por supuesto
        obviamente
        qué tan fantástico|maravilloso|bueno|excelente
        por qué prefiere|prefieres|le gusta|encanta
        superó|superaron sus|tus expectativas
    """),
    agreeing=phrases("""
        está|estás|están de acuerdo
        de acuerdo en que|con
        totalmente|muy de acuerdo
        en desacuerdo
    """),
    loaded=phrases(_PRAISE + _LOADED),
    praise=phrases(_PRAISE),
    how=frozenset({"cuán"}),
    absolute=phrases("""
        siempre
        nunca
        jamás
        todos nuestros|los|sus
        todas nuestras|las|sus
        todo el personal
        cada uno
        nadie
        ninguno|ninguna
        totalmente
        completamente
        absolutamente
    """),
    not_absolute=phrases(
        "todos los días|meses|años\ntodas las semanas|noches|mañanas\nninguno|ninguna de estos|estas|los|las"
    ),
    hypothetical=phrases("""
        imagine|imagina|imagínese|suponga|supongamos
        qué haría|harías
        compraría|compraríamos|usaría|utilizaría|pagaría|vendría|visitaría|elegiría|cambiaría
        contrataría|volvería
        cuánto estaría dispuesto|dispuesta
        cuánto pagaría
        estaría dispuesto|dispuesta|interesado|interesada
        si fuera|fuese|tuviera|pudiera|ofreciéramos|abriéramos|bajáramos
    """),
    polite=phrases(
        "qué tan probable\nle gustaría recibir|añadir|contarnos|decirnos|agregar"
        "\ncómo calificaría|valoraría|describiría|evaluaría"
    ),
    assumptive=phrases("""
        cuándo se quejó|reclamó|canceló|devolvió
        cuándo fue la última vez que se|canceló|devolvió
        qué fue lo que no le gustó
        qué no le gustó|gusta
        qué es|fue lo que más le gustó|gusta
        cuánto disfrutó|le gustó
        cuánto le gustó
        qué problemas tuvo|tiene|ha
        por qué prefiere|eligió|dejó|canceló|se quejó
        cuánto tiempo esperó por|su
        cuántos cigarrillos|cigarros|hijos
        cómo superó|superamos|superaron
    """),
    if_any=phrases("si hay|hubo|hubiera|los|las|alguno|alguna|tuvo|lo|procede\nen su caso"),
    sensitive=phrases("""
        ingreso|ingresos -> income
        salario|sueldo|salarios|sueldos -> income
        cuánto gana -> income
        religión|religioso|religiosa -> religion
        origen étnico -> ethnic origin
        etnia|raza -> ethnic origin
        orientación sexual -> sexual life
        discapacidad|discapacidades -> health
        enfermedad|enfermedades -> health
        embarazada|embarazo -> health
        votó|votar|voto -> political opinion
        partido político -> political opinion
        afiliación sindical -> union membership
        deuda|deudas -> debts
        fecha de nacimiento -> identity
        estado civil -> family
        nacionalidad -> origin
        antecedentes penales -> offences
        fuma|cigarrillos -> smoking
        alcohol -> alcohol
        drogas -> drugs
    """),
    jargon=phrases("""
        omnicanal -> todas las formas de contacto
        onboarding -> primeros días
        feedback -> opinión
        sinergia|sinergias -> ventajas
        stakeholders -> personas afectadas
        customer journey -> pasos
        touchpoint|touchpoints -> contacto
        kpi|kpis -> cifras
        ticket -> solicitud
        escalado|escalamiento -> traslado a un especialista
        ancho de banda -> velocidad de su conexión
        propuesta de valor -> oferta
        portal de autoservicio -> página web
        optimización -> mejora
        implementación -> puesta en marcha
    """),
    known=frozenset(
        "tv pc id ok ee uu ue onu pdf sms iva dni nif cif gps pin usb cd dvd web iii ii iv sa sl km kg a y o".split()
    ),
    joins=phrases("y\ne\nasí como\njunto con"),
    either=several("o u"),
    pairs=phrases("""
        términos y condiciones
        investigación y desarrollo
        amigo|amigos o|y colega|colegas|familiar|familiares|familia
        nombre y apellidos|apellido
        fecha y hora
        fácil o difícil
        satisfecho|satisfecha o insatisfecho|insatisfecha
        probable o improbable
        pregunta|preguntas y respuesta|respuestas
        alojamiento y desayuno
        salud y seguridad
        más o menos
        mejor o peor
        ni _ ni
        entre _ y
        o más|menos|mayor
        día y noche
    """),
    verbs=phrases("visita|llama|usa|utiliza|lee|compra|escribe|pide|paga|nuestra|nuestro|el|la|los|las|su|sus"),
    determiners=frozenset("el la los las nuestro nuestra nuestros nuestras su sus un una mi mis".split()),
    tails=frozenset("de del con en para por cuando durante al a".split()),
    negations=several("no nunca jamás nadie nada ningún ninguno ninguna ni tampoco sin"),
    negative=phrases("""
        opone|opondría|contra|prohibir|prohibición|prohíbe
        desacuerdo
        niega|negar|rechaza|rechazar|evitar|impedir
        imposible|improbable|inútil|incorrecto|incómodo|insatisfecho|injusto|falso|infrecuente
        falta|carece
        nunca|jamás|nadie|ninguno|nada
    """),
    behaviour=phrases("""
        cuántas veces
        con qué frecuencia
        cuánto ha gastado|comprado|pagado
        cuántos|cuántas ... ha|han
        ha|has contactado|llamado|usado|utilizado|visitado|comprado|pedido
        ha|has tenido algún|alguna|un|problemas
    """),
    told_when=phrases("""
        hoy|ayer
        esta|este semana|mes|año|mañana|tarde|visita|pedido|vez|llamada
        desde enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|el|la|su
        su última|último|última
        la última vez
        durante su|la|el
        en su última|último
        por|al|a|cada día|semana|mes|año|la
        hace
        en los|las|el|la últimos|últimas|último|última|pasado|pasada
        los|las|el|la últimos|últimas|último|última
    """),
    ever=phrases("en su|toda vida|su\ndesde que es|se"),
    past=frozenset("último últimos última últimas pasado pasada pasados pasadas".split()),
    units=_UNITS,
    numbers=_NUMBERS,
    agree_choices=phrases("de acuerdo\nverdadero"),
    disagree_choices=phrases("en desacuerdo\nfalso"),
    good=phrases("""
        excelente|buenísimo|estupendo|genial|perfecto
        bueno|buena|buen|bien
        satisfecho|satisfecha|contento|contenta
        fácil|claro|clara|útil|amable|limpio|limpia|rápido|rápida|importante
        mejor
        probable
        de acuerdo
    """),
    bad=phrases("""
        malo|mala|mal|pésimo|pésima|terrible|horrible|deficiente
        insatisfecho|insatisfecha|descontento|descontenta
        difícil|confuso|confusa|inútil|sucio|sucia|lento|lenta
        peor
        improbable
        en desacuerdo
        nada satisfecho|satisfecha|fácil|útil|claro|importante|probable
        poco satisfecho|satisfecha|útil|claro|clara|probable|importante
        no satisfecho|útil|fácil|claro
    """),
    middling=phrases("ni\nregular\nneutral|neutro\nnormal|aceptable\nigual\ncomo esperaba"),
    nothing_of_it=phrases("nada\nen absoluto\nnunca"),
    degrees=several("algo poco ligeramente moderadamente bastante extremadamente"),
    comparing=several("demasiado demasiada"),
    frequencies=phrases("""
        nunca|raramente|rara|veces|menudo|siempre|frecuentemente|ocasionalmente
        cada|todos|todas día|semana|mes|año|los|las
        diariamente|semanalmente|mensualmente
        una vez
        menos de
    """),
    other=phrases("""
        otro|otra|otros|otras
        ninguno|ninguna
        algo|alguien más
        no procede|aplica
        no la|lo|he|hay
        sin preferencia
        nadie
        nada
    """),
    unsaid=phrases("""
        prefiero no
        no sé|sabe|lo|la|recuerdo|recuerda|contesta|procede|aplica|estoy
        no lo|la recuerdo|sé
        sin opinión|respuesta
    """),
    optional=phrases("opcional\nsi lo desea\nsi desea"),
    yes_no=several("sí si no quizás verdadero falso"),
    recommend=phrases("recomend*|recomiend*"),
    likely=phrases("probable\nprobabilidad"),
    overall=phrases("en general\nen conjunto\nglobalmente\nen líneas generales"),
    frequent=frozenset(
        "el la los las de del que y a en un una es su sus con para por qué cómo cuál cuándo cuántas cuántos está fue"
        " le"
        " nos nuestro nuestra nuestros usted ha tan más muy se lo al si o".split()
    ),
)
"""What is known of Spanish."""
