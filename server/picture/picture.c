#include "picture/picture.h"

#include "picture/exif.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h> // jpeglib.h wants FILE

#include <jpeglib.h>

enum {
    QUALITY   = 82,
    SCANS     = 100,       // of a progressive JPEG: more are only there to cost time
    MEMORY    = 160 << 20, // of libjpeg
    SIDE_MOST = 20000,
};

struct image {
    unsigned char *points; // three bytes each, row after row; malloc
    int            width, height;
    int            orientation; // exif.h
};

static void image_done(struct image *i)
{
    free(i->points);
    i->points = NULL;
}

// --- libjpeg: errors come back here
// -----------------------------------------------------------------------------------------

struct trouble {
    struct jpeg_error_mgr          manager; // first: libjpeg knows its address
    struct jpeg_progress_mgr       progress;
    struct jpeg_decompress_struct *decoding;
    jmp_buf                        back;
};

static _Noreturn void fail(j_common_ptr c)
{
    struct trouble *t = (struct trouble *)c->err;
    longjmp(t->back, 1);
}

// A warning is a cut or damaged picture: it is not made better by guessing.
static void warn(j_common_ptr c, int level)
{
    if (level < 0) {
        fail(c);
    }
}

static void say_nothing(j_common_ptr c)
{
    (void)c;
}

static void watch(j_common_ptr c)
{
    struct trouble *t = (struct trouble *)c->err;
    if (t->decoding && t->decoding->input_scan_number > SCANS) {
        fail(c);
    }
}

static void arm(struct trouble *t)
{
    memset(t, 0, sizeof *t);
    jpeg_std_error(&t->manager);
    t->manager.error_exit     = fail;
    t->manager.emit_message   = warn;
    t->manager.output_message = say_nothing;
}

static bool is_fit(uint64_t width, uint64_t height)
{
    return width > 0 && height > 0 && width <= SIDE_MOST && height <= SIDE_MOST &&
           width * height <= PICTURE_AREA;
}

// Apart from the functions that longjmp comes back to: what they build in place might be lost there.
static int orientation_of(jpeg_saved_marker_ptr m)
{
    return exif_orientation((struct str){ (const char *)m->data, m->data_length });
}

static void add_bytes(struct buf *to, const unsigned char *at, size_t size)
{
    buf_add(to, (struct str){ (const char *)at, size });
}

static enum picture_result read_jpeg(struct str bytes, struct image *ret)
{
    struct jpeg_decompress_struct d;
    struct trouble                t;
    volatile enum picture_result  result = PICTURE_UNREADABLE;

    arm(&t);
    memset(&d, 0, sizeof d);
    d.err = &t.manager;
    if (setjmp(t.back)) {
        jpeg_destroy_decompress(&d);
        image_done(ret);
        return result;
    }
    jpeg_create_decompress(&d);
    d.mem->max_memory_to_use    = MEMORY;
    t.decoding                  = &d;
    t.progress.progress_monitor = watch;
    d.progress                  = &t.progress;
    jpeg_mem_src(&d, (const unsigned char *)bytes.at, bytes.len);
    jpeg_save_markers(&d, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&d, TRUE);
    for (jpeg_saved_marker_ptr m = d.marker_list; m && ret->orientation <= 1; m = m->next) {
        ret->orientation = orientation_of(m);
    }
    if (!is_fit(d.image_width, d.image_height)) {
        result = PICTURE_TOO_LARGE;
        fail((j_common_ptr)&d);
    }
    d.out_color_space =
        JCS_RGB; // four-colour prints are no photographs: libjpeg refuses to convert them
    d.scale_num   = 1;
    d.scale_denom = 1;
    // Whole halves are left to the decoder, which then does not even compute them.
    while (d.scale_denom < 8 && (d.image_width > d.image_height ? d.image_width : d.image_height) /
                                        (d.scale_denom * 2) >=
                                    PICTURE_SIDE) {
        d.scale_denom *= 2;
    }
    jpeg_start_decompress(&d);
    ret->width  = (int)d.output_width;
    ret->height = (int)d.output_height;
    ret->points = malloc((size_t)ret->width * (size_t)ret->height * 3);
    if (!ret->points || d.output_components != 3) {
        fail((j_common_ptr)&d);
    }
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = ret->points + (size_t)d.output_scanline * (size_t)ret->width * 3;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return PICTURE_DONE;
}

static enum picture_result read_png(struct str bytes, struct image *ret)
{
    png_image p          = { .version = PNG_IMAGE_VERSION };
    png_color background = { 255, 255, 255 };

    if (!png_image_begin_read_from_memory(&p, bytes.at, bytes.len)) {
        return PICTURE_UNREADABLE;
    }
    if (!is_fit(p.width, p.height)) {
        png_image_free(&p);
        return PICTURE_TOO_LARGE;
    }
    p.format    = PNG_FORMAT_RGB;
    ret->width  = (int)p.width;
    ret->height = (int)p.height;
    ret->points = malloc(PNG_IMAGE_SIZE(p));
    if (!ret->points || !png_image_finish_read(&p, &background, ret->points, 0, NULL) ||
        p.warning_or_error & PNG_IMAGE_ERROR) {
        png_image_free(&p);
        image_done(ret);
        return PICTURE_UNREADABLE;
    }
    return PICTURE_DONE;
}

// --- smaller, and out
// -------------------------------------------------------------------------------------------------------

// Each point of the result is the mean of those that fall on it.
static bool shrink(struct image *i)
{
    int longer = i->width > i->height ? i->width : i->height;
    if (longer <= PICTURE_SIDE) {
        return true;
    }
    struct image s = { .width       = i->width * PICTURE_SIDE / longer,
                       .height      = i->height * PICTURE_SIDE / longer,
                       .orientation = i->orientation };
    s.width        = s.width ? s.width : 1;
    s.height       = s.height ? s.height : 1;
    s.points       = malloc((size_t)s.width * (size_t)s.height * 3);
    if (!s.points) {
        return false;
    }
    for (int y = 0; y < s.height; y++) {
        int top    = (int)((int64_t)y * i->height / s.height),
            bottom = (int)((int64_t)(y + 1) * i->height / s.height);
        for (int x = 0; x < s.width; x++) {
            int left        = (int)((int64_t)x * i->width / s.width),
                right       = (int)((int64_t)(x + 1) * i->width / s.width);
            uint32_t sum[3] = { 0 }, count = (uint32_t)((bottom - top) * (right - left));
            for (int v = top; v < bottom; v++) {
                const unsigned char *from =
                    i->points + ((size_t)v * (size_t)i->width + (size_t)left) * 3;
                for (int u = left; u < right; u++, from += 3) {
                    sum[0] += from[0];
                    sum[1] += from[1];
                    sum[2] += from[2];
                }
            }
            unsigned char *to = s.points + ((size_t)y * (size_t)s.width + (size_t)x) * 3;
            for (int c = 0; c < 3; c++) {
                to[c] = (unsigned char)((sum[c] + count / 2) / count);
            }
        }
    }
    image_done(i);
    *i = s;
    return true;
}

// Upright, as the camera said: what it wrote does not go along.
static bool turn(struct image *i)
{
    if (i->orientation <= 1) {
        return true;
    }
    bool         is_across = i->orientation >= 5;
    struct image s         = { .width  = is_across ? i->height : i->width,
                               .height = is_across ? i->width : i->height };
    // From the left or the right, from the top or the bottom of what was received.
    bool is_right  = strchr("2378", '0' + i->orientation) != NULL;
    bool is_bottom = strchr("3467", '0' + i->orientation) != NULL;
    s.points       = malloc((size_t)s.width * (size_t)s.height * 3);
    if (!s.points) {
        return false;
    }
    unsigned char *to = s.points;
    for (int y = 0; y < s.height; y++) {
        for (int x = 0; x < s.width; x++, to += 3) {
            int u = is_across ? y : x, v = is_across ? x : y;
            u = is_right ? i->width - 1 - u : u;
            v = is_bottom ? i->height - 1 - v : v;
            memcpy(to, i->points + ((size_t)v * (size_t)i->width + (size_t)u) * 3, 3);
        }
    }
    image_done(i);
    *i = s;
    return true;
}

static bool write_jpeg(const struct image *i, struct buf *ret)
{
    struct jpeg_compress_struct c;
    struct trouble              t;
    unsigned char *volatile out = NULL;
    unsigned char *made         = NULL;
    unsigned long  size         = 0;

    arm(&t);
    memset(&c, 0, sizeof c);
    c.err = &t.manager;
    if (setjmp(t.back)) {
        jpeg_destroy_compress(&c);
        free(out ? out : made);
        return false;
    }
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &made, &size);
    c.image_width      = (JDIMENSION)i->width;
    c.image_height     = (JDIMENSION)i->height;
    c.input_components = 3;
    c.in_color_space   = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, QUALITY, TRUE);
    c.optimize_coding = TRUE;
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = i->points + (size_t)c.next_scanline * (size_t)i->width * 3;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    out = made;
    add_bytes(ret, out, size);
    free(out);
    return size <= PICTURE_OUT_MOST && !buf_is_full(ret);
}

enum picture_result picture_renew(struct str bytes, struct buf *ret, int *ret_width,
                                  int *ret_height)
{
    static const unsigned char png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
    struct image               image = { 0 };
    enum picture_result        e     = PICTURE_UNREADABLE;

    if (bytes.len > PICTURE_IN_MOST) {
        return PICTURE_TOO_LARGE;
    }
    if (bytes.len > 3 && memcmp(bytes.at, "\xFF\xD8\xFF", 3) == 0) {
        e = read_jpeg(bytes, &image);
    } else if (bytes.len > sizeof png && memcmp(bytes.at, png, sizeof png) == 0) {
        e = read_png(bytes, &image);
    }
    if (e == PICTURE_DONE && (!shrink(&image) || !turn(&image) || !write_jpeg(&image, ret))) {
        e = PICTURE_UNREADABLE;
    }
    *ret_width  = image.width;
    *ret_height = image.height;
    image_done(&image);
    return e;
}
