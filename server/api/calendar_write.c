#include "api/calendar_write.h"

#include <libical/ical.h>

// The rules of the European Union since 1996; what lies before is nobody's appointment.
static const char paris[] = "BEGIN:VTIMEZONE\r\n"
                            "TZID:Europe/Paris\r\n"
                            "BEGIN:DAYLIGHT\r\n"
                            "TZOFFSETFROM:+0100\r\n"
                            "TZOFFSETTO:+0200\r\n"
                            "TZNAME:CEST\r\n"
                            "DTSTART:19960331T020000\r\n"
                            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
                            "END:DAYLIGHT\r\n"
                            "BEGIN:STANDARD\r\n"
                            "TZOFFSETFROM:+0200\r\n"
                            "TZOFFSETTO:+0100\r\n"
                            "TZNAME:CET\r\n"
                            "DTSTART:19961027T030000\r\n"
                            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
                            "END:STANDARD\r\n"
                            "END:VTIMEZONE\r\n";

static icalproperty *in_paris(icalproperty *property)
{
    icalproperty_add_parameter(property, icalparameter_new_tzid("Europe/Paris"));
    return property;
}

// maillage.example.fr of https://maillage.example.fr:8443
static struct str host_of(struct str site)
{
    size_t     slashes = str_find(site, STR("://"));
    struct str rest    = slashes < site.len ? str_sub(site, slashes + 3, site.len) : site;
    return str_sub(rest, 0, str_index(rest, ':'));
}

static void add_line(struct buf *text, const char *words, struct str value)
{
    if (value.len) {
        buf_printf(text, "%s%s%.*s", text->len ? "\n" : "", words, STR_ARG(value));
    }
}

static const char *description_of(struct str site, const struct calendar_visit *v, struct arena *a)
{
    struct buf text = buf_init(KIB(8));
    add_line(&text, "Interlocuteur\u202f: ", v->contact);
    add_line(&text, "Téléphone de l’établissement\u202f: ", v->phone);
    add_line(&text, "Engagement à tenir avant le ", v->due);
    add_line(&text, "", arena_printf(a, "%.*s/entreprises/%lld", STR_ARG(site), (long long)v->establishment));
    const char *copy = arena_text(a, buf_str(&text));
    buf_done(&text);
    return copy;
}

static void add_places(icalcomponent *event, const struct calendar_visit *v, struct arena *a)
{
    if (v->address.len) {
        icalcomponent_add_property(event, icalproperty_new_location(arena_text(a, v->address)));
    }
    if (v->is_placed) {
        struct icalgeotype geo = { .lat = v->lat, .lon = v->lon };
        icalcomponent_add_property(event, icalproperty_new_geo(geo));
    }
}

static enum icalproperty_status status_of(const struct calendar_visit *v)
{
    return v->is_cancelled ? ICAL_STATUS_CANCELLED : v->is_tentative ? ICAL_STATUS_TENTATIVE : ICAL_STATUS_CONFIRMED;
}

static icalcomponent *event_of(struct str site, const struct calendar_visit *v, struct arena *a)
{
    struct icaltimetype start   = icaltime_from_string(arena_text(a, v->starts));
    struct icaltimetype changed = icaltime_from_string(arena_text(a, v->changed));
    struct icaltimetype end     = start;
    struct str          name    = v->name.len ? v->name : STR("employeur sans dénomination");
    icalcomponent      *event   = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    icaltime_adjust(&end, 0, 0, v->minutes, 0);
    icalcomponent_add_property(event, icalproperty_new_uid(arena_printf(a, "visite-%lld@%.*s", (long long)v->id, STR_ARG(host_of(site))).at));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(changed));
    icalcomponent_add_property(event, icalproperty_new_lastmodified(changed));
    icalcomponent_add_property(event, icalproperty_new_sequence(v->sequence));
    icalcomponent_add_property(event, in_paris(icalproperty_new_dtstart(start)));
    icalcomponent_add_property(event, in_paris(icalproperty_new_dtend(end)));
    icalcomponent_add_property(event, icalproperty_new_summary(arena_printf(a, "Visite\u202f: %.*s", STR_ARG(name)).at));
    icalcomponent_add_property(event, icalproperty_new_status(status_of(v)));
    icalcomponent_add_property(event, icalproperty_new_transp(v->is_cancelled ? ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
    icalcomponent_add_property(event, icalproperty_new_description(description_of(site, v, a)));
    icalcomponent_add_property(event, icalproperty_new_url(arena_printf(a, "%.*s/agenda?du=%.*s-%.*s-%.*s", STR_ARG(site), STR_ARG(str_sub(v->starts, 0, 4)), STR_ARG(str_sub(v->starts, 4, 2)), STR_ARG(str_sub(v->starts, 6, 2))).at));
    add_places(event, v, a);
    return event;
}

static icalproperty *named(const char *name, const char *value)
{
    icalproperty *property = icalproperty_new_x(value);
    icalproperty_set_x_name(property, name);
    return property;
}

void calendar_write(struct str site, struct str member, struct str organisation, const struct calendar_visit *visits, int count,
                    struct arena *a, struct buf *out)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Maillage//Agenda//FR"));
    icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"));
    icalcomponent_add_property(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    icalcomponent_add_property(calendar, named("X-WR-CALNAME", arena_printf(a, "Visites, %.*s (%.*s)", STR_ARG(member), STR_ARG(organisation)).at));
    icalcomponent_add_property(calendar, named("X-PUBLISHED-TTL", "PT30M"));
    icalcomponent_add_component(calendar, icalparser_parse_string(paris));
    for (int i = 0; i < count; i++) {
        icalcomponent_add_component(calendar, event_of(site, &visits[i], a));
    }
    char *text = icalcomponent_as_ical_string_r(calendar);
    buf_add(out, str_of(text));
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
}
