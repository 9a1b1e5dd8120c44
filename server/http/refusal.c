// What is refused at an address that people open: a page of words, without anything that could be refused as well.
#include "http/call.h"

// What one does about it; the first of a status counts.
static const struct {
    int         status;
    const char *advice;
} advices[] = {
    { 403, "Revenez à la page précédente, rechargez-la, puis recommencez." },
    { 404, "Ouvrez l’adresse telle qu’elle vous a été remise." },
    { 405, "Ouvrez l’adresse telle qu’elle vous a été remise." },
    { 409, "Revenez à la page précédente et rechargez-la\u202f: elle dit où l’on en est." },
    { 413, "Revenez à la page précédente et raccourcissez votre texte." },
    { 415, "Revenez à la page précédente, rechargez-la, puis recommencez." },
};

static void advise(struct buf *b, int status, int retry_after)
{
    for (size_t i = 0; i < LENGTH(advices); i++) {
        if (advices[i].status == status) {
            buf_add(b, str_of(advices[i].advice));
            return;
        }
    }
    if (retry_after > 1) {
        buf_printf(b, "Recommencez dans %d secondes\u202f: rien de ce que vous aviez envoyé n’a été pris.", retry_after);
    } else {
        buf_add(b, STR("Recommencez dans un instant\u202f: rien de ce que vous aviez envoyé n’a été pris."));
    }
}

void refusal_page(const struct req *r, enum err e, int retry_after, struct buf *b)
{
    buf_add(b, STR("<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Maillage</title>\n"
                   "<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"/favicon.svg\">\n"
                   "<link rel=\"stylesheet\" href=\"/offres.css\">\n</head>\n<body>\n"
                   "<header><a class=\"brand\" href=\"/offres\">Maillage</a></header>\n<main id=\"contenu\">\n<h1>"));
    buf_add(b, err_sentence(e)); // ours, as are the advices: nothing to escape
    buf_add(b, STR("</h1>\n<p>"));
    advise(b, err_status(e), retry_after);
    buf_add(b, STR("</p>\n"));
    if (r->id.len) {
        buf_add(b, STR("<p class=\"note\">Si cela se répète, donnez cette référence à votre interlocuteur\u202f: "));
        buf_add(b, r->id);
        buf_add(b, STR("</p>\n"));
    }
    buf_add(b, STR("</main>\n</body>\n</html>\n"));
}
