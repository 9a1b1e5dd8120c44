// maillage-plan check: proves a result from its instance.
#include "command/command.h"

int cmd_check(const struct options *o)
{
    return command_refuse("%s : format inconnu", o->paths[0]);
}
