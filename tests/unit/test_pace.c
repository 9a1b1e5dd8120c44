#include "jobs/pace.h"
#include "tap.h"

static struct pace begun(void)
{
    return (struct pace){ .many = 50, .least = 50, .most = 300, .quick_ms = 40 };
}

static void test_quick_full_steps_grow_up_to_the_most(void)
{
    struct pace pace = begun();
    pace_step(&pace, 50, 10);
    CHECK(pace.many == 100);
    pace_step(&pace, 100, 39);
    CHECK(pace.many == 200);
    pace_step(&pace, 200, 0);
    CHECK(pace.many == 300);
    pace_step(&pace, 300, 0);
    CHECK(pace.many == 300);
}

static void test_a_step_that_was_not_full_says_nothing(void)
{
    struct pace pace = begun();
    pace_step(&pace, 49, 0);
    CHECK(pace.many == 50);
}

static void test_between_quick_and_slow_stays(void)
{
    struct pace pace = begun();
    pace.many        = 200;
    pace_step(&pace, 200, 40);
    pace_step(&pace, 200, 80);
    CHECK(pace.many == 200);
}

static void test_slow_steps_shrink_down_to_the_least(void)
{
    struct pace pace = begun();
    pace.many        = 300;
    pace_step(&pace, 10, 81); // also one that was not full: more would have been slower
    CHECK(pace.many == 150);
    pace_step(&pace, 150, 5000);
    CHECK(pace.many == 75);
    pace_step(&pace, 75, 81);
    CHECK(pace.many == 50);
    pace_step(&pace, 50, 81);
    CHECK(pace.many == 50);
}

int main(void)
{
    RUN(test_quick_full_steps_grow_up_to_the_most);
    RUN(test_a_step_that_was_not_full_says_nothing);
    RUN(test_between_quick_and_slow_stays);
    RUN(test_slow_steps_shrink_down_to_the_least);
    return tap_done();
}
