// Photographs made anew: nothing but the picture stays, what is too large, cut or none is refused.
#include "picture/exif.h"
#include "picture/picture.h"

#include <png.h>
#include <stdio.h>

#include <jpeglib.h>

#include "tap.h"

// A JPEG of width x height, grey but for a red left half, with a comment and an EXIF segment that
// hold a secret.
static struct buf make_jpeg(int width, int height)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr       e;
    unsigned char              *made = NULL;
    unsigned long               size = 0;
    struct buf                  out  = buf_init(64 << 20);
    unsigned char              *row  = calloc((size_t)width, 3);

    c.err = jpeg_std_error(&e);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &made, &size);
    c.image_width      = (JDIMENSION)width;
    c.image_height     = (JDIMENSION)height;
    c.input_components = 3;
    c.in_color_space   = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_start_compress(&c, TRUE);
    static const unsigned char exif[] = "Exif\0\0GPS SECRET 46.5657 N 3.3349 E";
    jpeg_write_marker(&c, JPEG_APP0 + 1, exif, sizeof exif);
    jpeg_write_marker(&c, JPEG_COM, (const unsigned char *)"SECRET", 6);
    for (int x = 0; x < width; x++) {
        row[3 * x]     = x < width / 2 ? 220 : 120;
        row[3 * x + 1] = x < width / 2 ? 20 : 120;
        row[3 * x + 2] = x < width / 2 ? 20 : 120;
    }
    while (c.next_scanline < c.image_height) {
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    buf_add(&out, (struct str){ (const char *)made, size });
    buf_add(&out, STR("SECRET BEHIND THE END"));
    free(made);
    free(row);
    return out;
}

static struct buf make_png(uint32_t width, uint32_t height)
{
    struct buf out = buf_init(64 << 20);
    png_image  p   = {
           .version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_RGBA
    };
    unsigned char   *from = calloc((size_t)width * height, 4);
    png_alloc_size_t size = 0;
    png_image_write_to_memory(&p, NULL, &size, 0, from, 0, NULL);
    char *made = malloc(size);
    png_image_write_to_memory(&p, made, &size, 0, from, 0, NULL);
    buf_add(&out, (struct str){ made, size });
    free(made);
    free(from);
    return out;
}

static bool holds(struct str text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.len; i++) {
        if (memcmp(text.at + i, word, n) == 0) {
            return true;
        }
    }
    return false;
}

static enum picture_result renew(struct str in, struct buf *out, int *w, int *h)
{
    buf_clear(out);
    return picture_renew(in, out, w, h);
}

static void test_only_the_picture_stays(void)
{
    struct buf jpeg = make_jpeg(400, 300), out = buf_init(PICTURE_OUT_MOST),
               again = buf_init(PICTURE_OUT_MOST);
    int w, h;
    CHECK(holds(buf_str(&jpeg), "SECRET"));
    CHECK(renew(buf_str(&jpeg), &out, &w, &h) == PICTURE_DONE && w == 400 && h == 300);
    CHECK(!holds(buf_str(&out), "SECRET") && !holds(buf_str(&out), "Exif"));
    CHECK(renew(buf_str(&out), &again, &w, &h) == PICTURE_DONE); // what comes out is a photograph
    buf_done(&jpeg);
    buf_done(&out);
    buf_done(&again);
}

// An EXIF segment that tells an orientation, little or big end first.
static size_t make_exif(unsigned char *out, int orientation, bool is_little)
{
    static const unsigned char little[] = { 'E', 'x', 'i', 'f', 0, 0,    'I', 'I', 42, 0, 8,
                                            0,   0,   0,   1,   0, 0x12, 1,   3,   0,  1, 0,
                                            0,   0,   0,   0,   0, 0,    0,   0,   0,  0 };
    static const unsigned char big[]    = { 'E', 'x', 'i', 'f', 0, 0, 'M',  'M', 0, 42, 0,
                                            0,   0,   8,   0,   1, 1, 0x12, 0,   3, 0,  0,
                                            0,   1,   0,   0,   0, 0, 0,    0,   0, 0 };
    memcpy(out, is_little ? little : big, sizeof little);
    out[is_little ? 24 : 25] = (unsigned char)orientation;
    return sizeof little;
}

// 64 x 32 points: red, green, blue, black in its four quarters, with that orientation.
static struct buf make_quarters(int orientation, bool is_little)
{
    static const unsigned char colours[4][3] = {
        { 230, 10, 10 }, { 10, 200, 10 }, { 10, 10, 230 }, { 5, 5, 5 }
    };
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr       e;
    unsigned char              *made = NULL, row[64 * 3], exif[64];
    unsigned long               size = 0;
    struct buf                  out  = buf_init(1 << 20);

    c.err = jpeg_std_error(&e);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &made, &size);
    c.image_width      = 64;
    c.image_height     = 32;
    c.input_components = 3;
    c.in_color_space   = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_start_compress(&c, TRUE);
    jpeg_write_marker(&c, JPEG_APP0 + 1, exif, (unsigned)make_exif(exif, orientation, is_little));
    while (c.next_scanline < 32) {
        for (int x = 0; x < 64; x++) {
            memcpy(row + 3 * x, colours[(c.next_scanline < 16 ? 0 : 2) + (x < 32 ? 0 : 1)], 3);
        }
        JSAMPROW at = row;
        jpeg_write_scanlines(&c, &at, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    buf_add(&out, (struct str){ (const char *)made, size });
    free(made);
    return out;
}

// The letters of the four quarters of a JPEG, from the top left.
static void quarters_of(struct str jpeg, char out[5])
{
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr         e;
    static unsigned char          points[64 * 64 * 3];

    d.err = jpeg_std_error(&e);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, (const unsigned char *)jpeg.at, jpeg.len);
    jpeg_read_header(&d, TRUE);
    jpeg_start_decompress(&d);
    int w = (int)d.output_width, h = (int)d.output_height;
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = points + (size_t)d.output_scanline * (size_t)w * 3;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    for (int i = 0; i < 4; i++) {
        int                  x = w / 4 + (i % 2) * w / 2, y = h / 4 + (i / 2) * h / 2;
        const unsigned char *p = points + ((size_t)y * (size_t)w + (size_t)x) * 3;
        out[i]                 = p[0] > 150 ? 'R' : p[1] > 150 ? 'G' : p[2] > 150 ? 'B' : 'K';
    }
    out[4] = 0;
}

static void test_turned_as_the_camera_says(void)
{
    static const char *const upright[] = { "RGBK", "RGBK", "GRKB", "KBGR", "BKRG",
                                           "RBGK", "BRKG", "KGBR", "GKRB", "RGBK" };
    for (int i = 0; i < 10; i++) {
        struct buf jpeg = make_quarters(i, i % 2), out = buf_init(PICTURE_OUT_MOST);
        char       seen[5];
        int        w, h;
        CHECK(renew(buf_str(&jpeg), &out, &w, &h) == PICTURE_DONE);
        CHECK(i < 5 || i > 8 ? w == 64 && h == 32 : w == 32 && h == 64);
        quarters_of(buf_str(&out), seen);
        CHECK(strcmp(seen, upright[i]) == 0);
        CHECK(!holds(buf_str(&out), "Exif"));
        buf_done(&jpeg);
        buf_done(&out);
    }
    // Cut anywhere, or with directories that lead nowhere: as it is.
    unsigned char exif[64];
    size_t        size = make_exif(exif, 6, true);
    CHECK(exif_orientation((struct str){ (const char *)exif, size }) == 6);
    for (size_t cut = 0; cut < 28; cut++) {
        CHECK(exif_orientation((struct str){ (const char *)exif, cut }) == 1);
    }
    memset(exif + 10, 0xFF, 4);
    CHECK(exif_orientation((struct str){ (const char *)exif, size }) == 1);
}

static void test_cut_ones_are_refused(void)
{
    struct buf jpeg = make_jpeg(400, 300), png = make_png(60, 40), out = buf_init(PICTURE_OUT_MOST);
    int        w, h;
    CHECK(renew((struct str){ buf_str(&jpeg).at, buf_str(&jpeg).len / 2 }, &out, &w, &h) ==
          PICTURE_UNREADABLE);
    CHECK(renew((struct str){ buf_str(&png).at, buf_str(&png).len - 20 }, &out, &w, &h) ==
          PICTURE_UNREADABLE);
    buf_done(&jpeg);
    buf_done(&png);
    buf_done(&out);
}

static void test_large_ones_become_smaller(void)
{
    struct buf jpeg = make_jpeg(4032, 3024), png = make_png(300, 2000),
               out = buf_init(PICTURE_OUT_MOST);
    int w, h;
    CHECK(renew(buf_str(&jpeg), &out, &w, &h) == PICTURE_DONE && w == 1600 && h == 1200);
    CHECK(renew(buf_str(&png), &out, &w, &h) == PICTURE_DONE && w == 240 && h == 1600);
    CHECK(memcmp(buf_str(&out).at, "\xFF\xD8\xFF", 3) == 0); // a PNG becomes a JPEG
    buf_done(&jpeg);
    buf_done(&png);
    buf_done(&out);
}

static void test_bombs_do_not_go_off(void)
{
    // A few bytes that say they are 100 000 points wide.
    static const char bomb[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x02\0\0\0\x95\x3b\x51\x6b";
    struct buf jpeg = make_jpeg(6000, 4500), out = buf_init(PICTURE_OUT_MOST);
    int        w, h;
    CHECK(renew(buf_str(&jpeg), &out, &w, &h) == PICTURE_TOO_LARGE);
    CHECK(renew((struct str){ bomb, sizeof bomb - 1 }, &out, &w, &h) != PICTURE_DONE);
    buf_done(&jpeg);
    buf_done(&out);
}

static void test_what_it_is_is_told_by_its_bytes(void)
{
    struct buf out = buf_init(PICTURE_OUT_MOST);
    int        w, h;
    CHECK(renew(STR("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), &out, &w, &h) ==
          PICTURE_UNREADABLE);
    CHECK(renew(STR("GIF89a"), &out, &w, &h) == PICTURE_UNREADABLE);
    CHECK(renew(STR(""), &out, &w, &h) == PICTURE_UNREADABLE);
    buf_done(&out);
}

int main(void)
{
    RUN(test_only_the_picture_stays);
    RUN(test_turned_as_the_camera_says);
    RUN(test_cut_ones_are_refused);
    RUN(test_large_ones_become_smaller);
    RUN(test_bombs_do_not_go_off);
    RUN(test_what_it_is_is_told_by_its_bytes);
    return tap_done();
}
